import { toGuidText } from '#agents/directory-anchor.ts';
import { bytesOf } from '#directory/search-entry.ts';
import type { Connector } from '#engine/join-table.ts';
import { PasswordFailure } from '#shared/model/password-failure.ts';
import type { SecretBytes } from '#shared/secret/secret-bytes.ts';
import { escapeFilterText } from '#shared/text/filter-text.ts';
import { isSameAccount } from '#sso/caller.ts';
import type { WindowsPasswords } from '#sso/synchronization/ports.ts';

import type { AgentLinks } from '../agent-links.ts';
import type { Domains } from './domains.ts';

/** How long one change may take, milliseconds. */
const limit = 60_000;

/** Changes Windows passwords through the Active Directory agent of their domain, as a user does who knows the old one. */
export function createWindowsPasswords(domains: Domains, links: AgentLinks): WindowsPasswords {
  return {
    async change(account: string, old: SecretBytes, next: SecretBytes): Promise<void> {
      const [domainName = '', name = ''] = account.split('\\');
      const domain = domains.all.find((one) => isSameAccount(one.name, domainName));
      const target = domain === undefined ? undefined : links.targetOf(domain.agent);
      if (domain === undefined || target === undefined)
        throw new PasswordFailure(
          'ma-not-configured',
          `No management agent is connected to the domain ${domainName}`,
          {
            fix: `Create a management agent for Active Directory with the domain ${domainName}.`,
          },
        );
      const signal = AbortSignal.timeout(limit);
      const connection = await domain.connect().catch((cause: unknown) => {
        throw new PasswordFailure('server-down', `The domain ${domainName} does not answer`, { cause });
      });
      const [entry] = await connection.searchEntries({
        base: domain.dn,
        scope: 'sub',
        filter: `(&(objectClass=user)(sAMAccountName=${escapeFilterText(name)}))`,
        attributes: ['objectGUID'],
        signal,
      });
      const anchor = entry === undefined ? undefined : toGuidText(bytesOf(entry, 'objectGUID'), 'guid');
      if (entry === undefined || anchor === undefined)
        throw new PasswordFailure('object-not-found', `The domain ${domainName} has no account ${name}`);
      const connector: Connector = {
        id: 0,
        agent: domain.agent,
        partition: domain.dn,
        dn: entry.dn,
        anchor,
        objectType: 'user',
        person: undefined,
        incoming: undefined,
        outgoing: undefined,
      };
      try {
        await target.changePassword(connector, old, next, signal);
      } catch (error) {
        if (!(error instanceof PasswordFailure) || error.word !== 'bad-password') throw error;
        // The answer to an earlier try may have been lost: then the account has the new password already.
        const { verdict } = await target.verifyPassword(connector, next, signal);
        if (verdict !== 'verified') throw error;
      }
    },
  };
}
