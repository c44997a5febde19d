import { writeFileSync } from 'node:fs';

import { readSsoXml } from '#exchange/entsso/read-sso-xml.ts';
import type { MadeMapping } from '#shared/contract/sso-bulk.ts';
import { AppError } from '#shared/model/app-error.ts';
import { nameRulesSchema } from '#shared/model/sso-name-rules.ts';
import { formatMappingLog, summarizeMappings } from '#shared/text/mapping-log.ts';

import { readNewSecret } from '../read-secret.ts';
import type { Session } from '../session.ts';
import { parseAssignments } from './parse-assignments.ts';
import { readToolFile } from './read-tool-file.ts';
import type { SsoVerb } from './sso-verb.ts';

/** Mappings that one call makes. */
const atOnce = 100;
const passwordRules = ['external-name', 'windows-account', 'fixed'] as const;

/** The last steps of the mapping wizard: options, password, create, log file. */
export const bulkMappings: SsoVerb = {
  name: 'bulkmappings',
  usage: '<file> <log file> [disabled] [password=<rule> [<name rule>=<value> ...]]',
  summary: `Create the mappings of a file one by one, with their passwords: ${passwordRules.join(', ')}`,
  takes: [2, 16],
  run: makeAll,
};

async function makeAll(session: Session, args: readonly string[]): Promise<void> {
  const [file = '', log = '', ...words] = args;
  const enable = !words.includes('disabled');
  const choice = words.find((word) => word.startsWith('password='))?.slice('password='.length);
  const rules = words.filter((word) => word !== 'disabled' && !word.startsWith('password='));
  const rule = passwordRules.find((each) => each === choice);
  if (rule === undefined && choice !== undefined)
    throw new AppError('invalid_input', `"${choice}" is none of ${passwordRules.join(', ')}`);
  if (rules.length > 0 && rule !== 'windows-account')
    throw new AppError('invalid_input', `"${rules[0]}" belongs to password=windows-account`);
  const { mappings } = readSsoXml(readToolFile(file), file);
  const [application, ...others] = new Set(mappings.map((each) => each.application));
  if (application === undefined) throw new AppError('invalid_input', `${file} has no <mapping>`);
  if (others.length > 0)
    throw new AppError('invalid_input', `${file} has mappings of more than one application`);
  // Before anything is made: a log that cannot be written would leave no word of what was done.
  writeFileSync(log, '', { flag: 'wx' });
  using typed = rule === 'fixed' ? await readNewSecret(session.terminal, 'Password') : undefined;
  const password =
    rule === undefined
      ? {}
      : rule === 'windows-account'
        ? { password: { rule, rules: parseAssignments(nameRulesSchema, rules) } }
        : rule === 'external-name'
          ? { password: { rule } }
          : { password: { rule, password: typed === undefined ? '' : session.encodeSecret(typed) } };
  const made: MadeMapping[] = [];
  const startedAt = Date.now();
  try {
    await session.withService(async (client) => {
      for (let at = 0; at < mappings.length; at += atOnce) {
        const part = mappings
          .slice(at, at + atOnce)
          .map(({ windowsAccount, externalUser }) => ({ windowsAccount, externalUser }));
        made.push(
          ...(await client.call('sso.makeMappings', { application, mappings: part, enable, ...password })),
        );
      }
    });
  } finally {
    writeFileSync(log, formatMappingLog(application, startedAt, made));
  }
  session.print({ log, mappings: made }, () => `${summarizeMappings(made)}; the log is ${log}`);
  const failed = made.filter(({ problem }) => problem !== undefined).length;
  if (failed > 0)
    throw new AppError('conflict', `${failed} of ${made.length} mappings were not made whole`, {
      fix: `Read ${log}, and run the same again for what is left.`,
    });
}
