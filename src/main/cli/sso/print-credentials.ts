import { AppError } from '#shared/model/app-error.ts';
import { unpackFields, wipeFields } from '#shared/secret/credential-fields.ts';

import type { Session } from '../session.ts';

/** Prints the caller's own credentials, a line a field. What is hidden on a screen goes into a pipe only, as bytes. */
export async function printCredentials(session: Session, name: string): Promise<void> {
  if (session.json)
    throw new AppError(
      'invalid_input',
      'Credentials are printed as lines only, which need no text in memory',
      {
        fix: 'Leave --json out.',
      },
    );
  const { stdout } = session.terminal;
  await session.withService(async (client) => {
    const { fields: labels } = await client.call('sso.application', { name });
    const found = await client.call('sso.getCredentials', { application: name });
    using packed = found.fields;
    const values = unpackFields(packed);
    const width = Math.max(...labels.map(({ label }) => label.length));
    try {
      const [first, ...others] = labels;
      stdout.write(`${(first?.label ?? 'User').padEnd(width)} : ${found.externalUser}\n`);
      for (const [index, { label, masked }] of others.entries()) {
        stdout.write(`${label.padEnd(width)} : `);
        if (masked && stdout.isTTY) stdout.write('********');
        else await written(stdout, values[index]?.bytes ?? new Uint8Array());
        stdout.write('\n');
      }
    } finally {
      wipeFields(values);
    }
  });
}

/** Resolves once the stream has let go of the bytes, which may be wiped then. */
function written(stream: NodeJS.WriteStream, bytes: Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    stream.write(bytes, (error) => (error ? reject(error) : resolve()));
  });
}
