/** A receiver that takes a change and never gets it onto the disk: to be killed. Prints port and fingerprint as JSON. */
import { startReceiver } from '#channel/receiver.ts';
import { openReceiverIdentity } from '#channel/receiver-identity.ts';

const [spn = '', keyFile = ''] = process.argv.slice(2);
const { port, fingerprint } = await startReceiver({
  host: '127.0.0.1',
  port: 0,
  spn,
  identity: await openReceiverIdentity(keyFile, 'victim'),
  proveCaller: async (principal) => ({ principal, account: 'DC1$', domain: 'FABRIKAM' }),
  onChange: () => {
    process.stdout.write('reached\n');
    return new Promise(() => undefined);
  },
  onHeartbeat: () => undefined,
  events: () => undefined,
  report: () => undefined,
});
process.stdout.write(`${JSON.stringify({ port, fingerprint })}\n`);
