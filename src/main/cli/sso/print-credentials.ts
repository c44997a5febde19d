import type { CarillonContract } from '#shared/contract/carillon-contract.ts';
import { AppError } from '#shared/model/app-error.ts';
import type { Client } from '#shared/rpc/connect.ts';
import type { Reply } from '#shared/rpc/contract.ts';
import { unpackFields, wipeFields } from '#shared/secret/credential-fields.ts';

import type { Session } from '../session.ts';

type Found = Reply<CarillonContract, 'sso.getCredentials'>;

/** Prints credentials of an application, a line a field. What is hidden on a screen goes into a pipe only, as bytes. */
export async function printCredentials(
  session: Session,
  name: string,
  look: (client: Client<CarillonContract>) => Promise<Found>,
): Promise<void> {
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
    const found = await look(client);
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
