import type { Connector } from '#engine/join-table.ts';

import { FaultyLink } from '../faulty-link.ts';
import type { PasswordScene } from '../password-scene.ts';
import type { ConformingKind } from './conforming-kind.ts';

const first = 'Conform-First-0!';

/** A directory of the shared lab, over a wire of its own. */
export function directoryKind(scene: PasswordScene): ConformingKind {
  const url = new URL(scene.server.ldapsUrl);
  const link = new FaultyLink({ host: url.hostname, port: Number(url.port || '636') });
  let account: Awaited<ReturnType<PasswordScene['create']>>;
  let other: Awaited<ReturnType<PasswordScene['create']>>;
  let missing: Connector;
  return {
    async open() {
      await link.open();
      await scene.open();
      account = await scene.create(first);
      other = await scene.create(first);
      const gone = await scene.create(first);
      await scene.admin.delete(gone.dn);
      missing = gone.connector;
    },
    async close() {
      await scene.close();
      await link.close();
    },
    target(way) {
      const scheme = way === 'insecure' ? 'ldap' : 'ldaps';
      return scene.target({
        connection: { url: `${scheme}://127.0.0.1:${link.port}`, serverName: url.hostname },
        ...(way === 'denied' && { user: other.dn, userPassword: first }),
      });
    },
    get known() {
      return account.connector;
    },
    get missing() {
      return missing;
    },
    proves: (password) => scene.binds(account.dn, password),
    fault: (fault) => link.set(fault),
    cut: () => link.cut(),
  };
}
