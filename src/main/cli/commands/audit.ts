import type { Command } from 'commander';

import { auditTableSchema } from '#shared/contract/audit-line.ts';
import { AppError } from '#shared/model/app-error.ts';

import { onRun } from '../on-run.ts';
import { formatTable } from '../output/table.ts';
import { formatTime } from '../output/time-words.ts';
import { parseNumber } from '../parse-number.ts';
import type { Terminal } from '../terminal.ts';

export function addAuditCommand(program: Command, terminal: Terminal): void {
  const audit = program.command('audit').description('The audit tables of single sign-on: read and verify');

  onRun<[string | undefined], { limit: number }>(
    terminal,
    audit
      .command('list', { isDefault: true })
      .argument('[table]', auditTableSchema.options.join(', '), 'administration')
      .option('--limit <count>', 'how many', parseNumber(1, 1000), 50)
      .description('Show the newest lines of a table'),
    async (session, [name], { limit }) => {
      const table = auditTableSchema.safeParse(name);
      if (!table.success)
        throw new AppError('invalid_input', `"${name}" is none of ${auditTableSchema.options.join(', ')}`);
      const lines = await session.withService((client) =>
        client.call('sso.audit', { table: table.data, limit }),
      );
      session.print(lines, () =>
        formatTable(
          [
            { title: 'line', value: ({ sequence }) => sequence, align: 'right' },
            { title: 'time', value: ({ at }) => formatTime(at) },
            { title: 'event', value: ({ event }) => event, align: 'right' },
            { title: 'what', value: ({ message }) => message },
          ],
          lines,
        ),
      );
    },
  );

  onRun(
    terminal,
    audit.command('verify').description('Find lines that were altered, removed or put in'),
    async (session) => {
      const verdict = await session.withService((client) => client.call('sso.verifyAudit', {}));
      session.print(verdict, ({ lines, findings }) =>
        findings.length === 0
          ? `${lines} lines, every one as it was written`
          : findings
              .map(
                ({ table, sequence, problem }) =>
                  `${table}${sequence === undefined ? '' : ` ${sequence}`}: ${problem}`,
              )
              .join('\n'),
      );
      if (verdict.findings.length > 0)
        throw new AppError('damaged', `The audit was tampered with in ${verdict.findings.length} places`, {
          fix: 'Keep a copy of the data directory as evidence, and compare it with a backup.',
        });
    },
  );
}
