/** Capture as a process of its own, for tests that stop and kill it. Prints what the target got, and the log. */

import { readFileSync } from 'node:fs';
import { captureConfigurationSchema } from '#capture/capture-configuration.ts';
import { startCapture } from '#capture/capture-host.ts';

import { realClock } from './capture-domain.ts';
import { RecordingChannel } from './recording-channel.ts';

const [file = ''] = process.argv.slice(2);
const configuration = captureConfigurationSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
const channel = new RecordingChannel();
channel.onReceived = (received) => process.stdout.write(`${JSON.stringify({ received })}\n`);
const running = await startCapture(configuration, {
  clock: realClock,
  productVersion: '0.0.0',
  channel,
  writeLine: (line) => process.stdout.write(`{"log":${line}}\n`),
});
process.stdout.write('{"ready":true}\n');
process.on('SIGTERM', () => void running.stop().then(() => process.exit(0)));
