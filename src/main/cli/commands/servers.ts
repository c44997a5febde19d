import type { Command } from 'commander';

import { AppError } from '#shared/model/app-error.ts';

import { onRun } from '../on-run.ts';
import { formatTable } from '../output/table.ts';
import { formatAge } from '../output/time-words.ts';
import type { Terminal } from '../terminal.ts';

/** Servers on other computers that this user has connected to. */
export function addServersCommand(program: Command, terminal: Terminal): void {
  const servers = program
    .command('servers')
    .description('Servers on other computers: list them, compare and trust their keys');

  onRun(
    terminal,
    servers.command('list', { isDefault: true }).description('List the servers that you have connected to'),
    async (session) => {
      const { openKnownServers } = await import('../remote-session.ts');
      const known = openKnownServers(terminal.env).all;
      session.print(known, () =>
        formatTable(
          [
            { title: 'host', value: ({ host }) => host },
            { title: 'port', value: ({ port }) => port, align: 'right' },
            { title: 'used', value: ({ usedAt }) => formatAge(usedAt) },
            { title: 'fingerprint', value: ({ fingerprint }) => fingerprint ?? 'by its certificate' },
          ],
          known,
        ),
      );
    },
  );

  onRun<[string, string | undefined]>(
    terminal,
    servers
      .command('trust')
      .argument('<server>', 'host or host:port')
      .argument('[fingerprint]', 'as "carillon status" prints it on the server; asked for where absent')
      .description("Remember the key of a server, once it was compared with the server's own words"),
    async (session, [server, fingerprint]) => {
      const { askToTrust, openKnownServers, parseServer } = await import('../remote-session.ts');
      const { probeServer } = await import('#host/remote/reach-server.ts');
      const address = parseServer(server);
      const known = openKnownServers(terminal.env);
      if (fingerprint !== undefined) known.trust(address, fingerprint);
      else {
        const seen = await probeServer(known, address);
        if (seen.state !== 'trusted') {
          if (!terminal.stdin.isTTY)
            throw new AppError('invalid_input', `The key of ${server} is ${seen.fingerprint}`, {
              fix: 'Compare it on the server, and give it as the second argument.',
            });
          await askToTrust(terminal, known, address, seen.fingerprint);
        }
      }
      session.print({ server, trusted: true }, () => `The key of ${server} is trusted`);
    },
  );

  onRun<[string]>(
    terminal,
    servers.command('forget').argument('<server>', 'host or host:port').description('Forget a server'),
    async (session, [server]) => {
      const { openKnownServers, parseServer } = await import('../remote-session.ts');
      if (!openKnownServers(terminal.env).forget(parseServer(server)))
        throw new AppError('not_found', `No server "${server}" is known here`);
      session.print({ server, forgotten: true }, () => `${server} is forgotten`);
    },
  );

  onRun<[string]>(
    terminal,
    servers
      .command('test')
      .argument('<server>', 'host or host:port')
      .description('Connect to a server, and show who you are there'),
    async (session, [server]) => {
      const { dialServer } = await import('../remote-session.ts');
      const { connect } = await import('#shared/rpc/connect.ts');
      const { carillonContract } = await import('#shared/contract/carillon-contract.ts');
      const port = await dialServer(terminal, server, 'program');
      try {
        const me = await connect(carillonContract, port).call('system.caller', {});
        session.print(me, ({ account = me.caller, access }) => `${account} may ${access} on ${server}`);
      } finally {
        port.close('Done');
      }
    },
  );
}
