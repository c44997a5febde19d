import type { DirectoryAgent } from '#shared/model/agent.ts';

import type { AnchorRule } from './directory-anchor.ts';

/** What a product does in its own way when it is read. */
export interface DirectoryTraits {
  readonly anchor: AnchorRule;
  /** Objects to import where the partition has no filter of its own. */
  readonly filter: string;
  /** How changes since the last import are learnt. */
  readonly feed: 'dirsync' | 'syncrepl' | 'changelog' | 'timestamp';
  /** Logon name: always imported, for administrators look accounts up by it. */
  readonly accountAttribute: string;
}

const entryUuid: AnchorRule = { attribute: 'entryUUID', form: 'text', orDn: false };
const objectGuid: AnchorRule = { attribute: 'objectGUID', form: 'guid', orDn: false };
const person = '(objectClass=person)';

const profiles = {
  openldap: { anchor: entryUuid, filter: person, feed: 'syncrepl', accountAttribute: 'uid' },
  sun: {
    anchor: { attribute: 'nsUniqueId', form: 'text', orDn: false },
    filter: person,
    feed: 'changelog',
    accountAttribute: 'uid',
  },
  ibm: {
    anchor: { attribute: 'ibm-entryUuid', form: 'text', orDn: false },
    filter: person,
    feed: 'timestamp',
    accountAttribute: 'uid',
  },
  edirectory: {
    anchor: { attribute: 'GUID', form: 'uuid', orDn: false },
    filter: person,
    feed: 'timestamp',
    accountAttribute: 'uid',
  },
  domino: {
    anchor: { attribute: 'dominoUNID', form: 'text', orDn: true },
    filter: '(objectClass=dominoPerson)',
    feed: 'timestamp',
    accountAttribute: 'uid',
  },
  adlds: {
    anchor: objectGuid,
    filter: '(&(objectCategory=person)(objectClass=user))',
    feed: 'dirsync',
    accountAttribute: 'uid',
  },
  generic: {
    anchor: { ...entryUuid, orDn: true },
    filter: person,
    feed: 'timestamp',
    accountAttribute: 'uid',
  },
} as const satisfies Record<string, DirectoryTraits>;

const activeDirectory: DirectoryTraits = {
  anchor: objectGuid,
  // SAM_NORMAL_USER_ACCOUNT: people and service accounts, but no computers and no trusts (MS-SAMR 2.2.1.9).
  filter: '(sAMAccountType=805306368)',
  feed: 'dirsync',
  accountAttribute: 'sAMAccountName',
};

export function traitsOf(agent: DirectoryAgent): DirectoryTraits {
  return agent.kind === 'active-directory' ? activeDirectory : profiles[agent.profile];
}
