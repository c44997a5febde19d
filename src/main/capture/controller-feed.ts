import { dirSync, dirSyncState } from '#directory/controls/dir-sync.ts';
import { formatGuid } from '#directory/guid.ts';
import { LinkError } from '#directory/link-error.ts';
import { bytesOf } from '#directory/search-entry.ts';
import { accountAttributes, tryReadAccount } from './account-entry.ts';
import type { ControllerReader } from './controller-reader.ts';
import type { DirectoryAccess } from './directory-access.ts';
import type { PasswordChangeFeed } from './reconciliation.ts';

/** SAM_NORMAL_USER_ACCOUNT (MS-SAMR 2.2.1.9): people, without computers and trusts. */
const people = '(sAMAccountType=805306368)';
/** The first look reads every account of the domain. */
const patient = { limit: 600_000, patience: 600_000 };
const pageSize = 500;

/** DirSync of this domain controller over its privileged socket (MS-ADTS 3.1.1.3.4.1.3). */
export class ControllerFeed implements PasswordChangeFeed {
  readonly #access: DirectoryAccess;
  readonly #reader: ControllerReader;

  constructor(access: DirectoryAccess, reader: ControllerReader) {
    this.#access = access;
    this.#reader = reader;
  }

  async readChanges(bookmark: Uint8Array | undefined) {
    const { baseDn: base } = await this.#reader.identify();
    // pwdLastSet moves with every password, even from 0 to 0; unicodePwd would bring its hash along.
    const request = { base, scope: 'sub', filter: people, attributes: ['pwdLastSet'] } as const;
    const controls = [dirSync(bookmark, { asSystem: true })];
    return this.#access.ask(async (connection, signal) => {
      const guids: string[] = [];
      const items = connection.search({ ...request, controls, signal, timeout: patient.limit });
      for (let next = await items.next(); ; next = await items.next()) {
        if (next.done) {
          const state = dirSyncState(next.value.controls);
          if (state === undefined) throw new LinkError('protocol', 'DirSync ended without a cookie');
          return { guids, bookmark: state.cookie, more: state.more };
        }
        const entry = next.value;
        if (entry.kind !== 'entry' || !entry.attributes.has('pwdlastset')) continue;
        const guid = bytesOf(entry, 'objectGUID');
        if (guid?.length === 16) guids.push(formatGuid(guid));
      }
    }, patient);
  }

  async listVersions() {
    const { baseDn: base, invocationId } = await this.#reader.identify();
    const request = { base, scope: 'sub', filter: people, attributes: accountAttributes, pageSize } as const;
    return this.#access.ask(async (connection, signal) => {
      const versions: { guid: string; version: number }[] = [];
      for await (const entry of connection.search({ ...request, signal, timeout: patient.limit })) {
        const account = entry.kind === 'entry' ? tryReadAccount(entry, invocationId) : undefined;
        if (account?.password !== undefined)
          versions.push({ guid: account.guid, version: account.password.version });
      }
      return versions;
    }, patient);
  }
}
