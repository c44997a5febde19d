import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';

import { AppError } from '#shared/model/app-error.ts';
import { writeMappingXml } from '#shared/text/write-mapping-xml.ts';
import { writeSsoXml } from '#shared/text/write-sso-xml.ts';

import type { CarillonClient, Session } from '../session.ts';
import type { SsoVerb } from './sso-verb.ts';

const pageSize = 10_000;

/** Verbs that write the tools' own files: what the verbs of creation and change read. */
export const exportVerbs: readonly SsoVerb[] = [
  {
    name: 'exportdb',
    usage: '<file>',
    summary: 'Write the settings of the system to a file for -updatedb',
    takes: [1, 1],
    async run(session, [file = '']) {
      const { system } = await session.withService((client) => client.call('sso.settings', {}));
      writeNew(session, file, writeSsoXml({ system }), { system: 1 });
    },
  },
  {
    name: 'exportapps',
    usage: '<file> [<application> ...]',
    summary: 'Write applications to a file for -createapps and -updateapps',
    takes: [1, 64],
    async run(session, [file = '', ...names]) {
      const all = await session.withService((client) => client.call('sso.applications', {}));
      const applications = names.length === 0 ? all : names.map((name) => find(all, name));
      writeNew(session, file, writeSsoXml({ applications }), { applications: applications.length });
    },
  },
  {
    name: 'exportmappings',
    usage: '<file> <application>',
    summary: 'Write the mappings of an application to a file for -createmappings and -deletemappings',
    takes: [2, 2],
    async run(session, [file = '', application = '']) {
      const mappings = await session.withService((client) => readMappings(client, application));
      writeNew(session, file, writeMappingXml(application, mappings), { mappings: mappings.length });
    },
  },
];

/** Writes a new file, and says what is in it. Throws `AppError` `conflict` where it is there. */
export function writeNew(
  session: Session,
  file: string,
  text: string,
  counts: Readonly<Record<string, number>>,
): void {
  const path = resolve(file);
  try {
    writeFileSync(path, text, { flag: 'wx', mode: 0o600 });
  } catch (cause) {
    if (!(cause instanceof Error) || !('code' in cause) || cause.code !== 'EEXIST') throw cause;
    throw new AppError('conflict', `The file ${path} exists already`, { fix: 'Name a new one.', cause });
  }
  session.print({ file: path, ...counts }, () =>
    Object.entries(counts)
      .map(
        ([what, count]) =>
          `${count} ${count === 1 ? `${what.replace(/s$/, '')} was` : `${what} were`} written to ${path}`,
      )
      .join('\n'),
  );
}

async function readMappings(client: CarillonClient, application: string) {
  const all = [];
  for (let after = 0; ; ) {
    const page = await client.call('sso.mappings', { application, after, limit: pageSize });
    all.push(...page);
    const last = page.at(-1);
    if (last === undefined || page.length < pageSize) return all;
    after = last.id;
  }
}

function find<T extends { readonly name: string }>(all: readonly T[], name: string): T {
  const found = all.find((each) => each.name.toLowerCase() === name.toLowerCase());
  if (found !== undefined) return found;
  throw new AppError('not_found', `No affiliate application "${name}" (event 10756)`);
}
