import { resolve } from 'node:path';

import type { Command } from 'commander';

import type { ValueMapping } from '#shared/contract/snapshots.ts';
import { AppError } from '#shared/model/app-error.ts';

import { onRun } from './on-run.ts';
import { formatComparison } from './output/snapshot-text.ts';
import type { Session } from './session.ts';
import { isServed, readMapping, readSource, sourceOf, sourceWords } from './snapshot-source.ts';
import type { Terminal } from './terminal.ts';
import { writeText } from './text-file.ts';

interface CompareOptions {
  readonly base?: string;
  readonly map?: string;
  readonly all?: boolean;
  readonly format?: string;
  readonly out?: string;
}

/** Mounts the comparison of two snapshots or three. */
export function addSnapshotCompare(snapshot: Command, terminal: Terminal): void {
  onRun<[string, string], CompareOptions>(
    terminal,
    snapshot
      .command('compare')
      .argument('<left>', sourceWords)
      .argument('<right>', sourceWords)
      .option('--base <source>', 'what both were once: who changed what, and where both did')
      .option(
        '--map <file>',
        'JSON with the values that differ on purpose: {"values": [{"left", "right"}], "ignore": []}',
      )
      .option('--all', 'what is the same, too')
      .option('--format <format>', 'text, markdown, html or json', 'text')
      .option('--out <file>', 'write the report to a file')
      .description('Compare by object and property; fails with 1 where something differs'),
    async (session, [left, right], options) => {
      const comparison = await compare(session, left, right, options);
      const text = await formatReport(options.format ?? 'text', comparison, terminal);
      if (options.out !== undefined) {
        const { identical, counts } = comparison;
        writeText(options.out, text);
        session.print({ file: resolve(options.out), identical, counts }, ({ file }) => `Wrote ${file}`);
      } else session.print(comparison, () => text.trimEnd());
      if (!comparison.identical)
        throw new AppError('invalid_configuration', `${comparison.left} and ${comparison.right} differ`);
    },
  );
}

/** Two files are compared here, whatever their size; anything else the service or its store knows. */
async function compare(session: Session, left: string, right: string, options: CompareOptions) {
  const sources = [left, right, ...(options.base === undefined ? [] : [options.base])];
  const mapping = await parseMapping(options.map);
  const all = options.all ?? false;
  if (sources.every((source) => !isServed(source))) {
    const { compareSnapshots } = await import('#exchange/compare/compare-snapshots.ts');
    const { parseSnapshot } = await import('#exchange/snapshot/parse-snapshot.ts');
    const named = (file: string) => ({ title: file, snapshot: parseSnapshot(readSource(file), file) });
    return compareSnapshots({
      left: named(left),
      right: named(right),
      base: options.base === undefined ? undefined : named(options.base),
      mapping,
      all,
    });
  }
  return await session.withReader((client) =>
    client.call('snapshots.compare', {
      left: sourceOf(left),
      right: sourceOf(right),
      ...(options.base === undefined ? {} : { base: sourceOf(options.base) }),
      mapping,
      all,
    }),
  );
}

async function formatReport(
  format: string,
  comparison: Awaited<ReturnType<typeof compare>>,
  { paint }: Terminal,
): Promise<string> {
  if (format === 'html')
    return (await import('#exchange/report/comparison-html.ts')).comparisonHtml(comparison);
  if (format === 'markdown')
    return (await import('#exchange/report/comparison-markdown.ts')).comparisonMarkdown(comparison);
  if (format === 'json') return `${JSON.stringify(comparison, null, 2)}\n`;
  if (format === 'text') return `${formatComparison(comparison, paint)}\n`;
  throw new AppError('invalid_input', `No format "${format}"`, { fix: 'Use text, markdown, html or json.' });
}

/** Values that differ on purpose. Throws `AppError` `invalid_input` for a file of another form. */
async function parseMapping(file: string | undefined): Promise<ValueMapping> {
  const { valueMappingSchema } = await import('#shared/contract/snapshots.ts');
  const { data, error } = valueMappingSchema.safeParse(file === undefined ? {} : readMapping(file));
  if (data !== undefined) return data;
  const [issue] = error.issues;
  throw new AppError('invalid_input', `${file}: ${issue?.path.join('.')}: ${issue?.message}`, {
    fix: 'Write {"values": [{"left": "pilot.lab", "right": "fabrikam.com"}], "ignore": ["channel.host"]}.',
  });
}
