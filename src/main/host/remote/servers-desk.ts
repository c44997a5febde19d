import { serversContract } from '#shared/contract/servers-contract.ts';
import { AppError } from '#shared/model/app-error.ts';
import type { Port } from '#shared/rpc/port.ts';
import { serve } from '#shared/rpc/serve.ts';
import { Topics } from '#shared/rpc/topics.ts';

import type { KnownServers } from './known-servers.ts';
import { probeServer } from './reach-server.ts';

/** Answers a console's page about the servers that its user knows. */
export function serveServersDesk(port: Port, known: KnownServers): void {
  serve({
    contract: serversContract,
    handlers: {
      'servers.list': () => [...known.all],
      'servers.probe': (address) => probeServer(known, address),
      'servers.trust': async ({ fingerprint, ...address }) => {
        // What is trusted is what was shown: between the two somebody else may answer there.
        const seen = await probeServer(known, address);
        if (seen.fingerprint !== fingerprint)
          throw new AppError('conflict', `${address.host} shows another key by now: ${seen.fingerprint}`, {
            fix: 'Compare again.',
          });
        if (seen.state !== 'trusted') known.trust(address, fingerprint);
        return {};
      },
      'servers.forget': (address) => {
        known.forget(address);
        return {};
      },
    },
    topics: new Topics(serversContract),
    port,
    access: 'administer',
    caller: 'console',
    report: () => undefined,
  });
}
