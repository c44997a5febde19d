import type { Command } from 'commander';
import { AppError } from '#shared/model/app-error.ts';

import { onRun } from '../on-run.ts';
import { formatMoments, formatPlan } from '../output/snapshot-text.ts';
import { parseNumber } from '../parse-number.ts';
import { addSnapshotCompare } from '../snapshot-compare.ts';
import { momentId, parseTime, signText, sourceOf, sourceWords } from '../snapshot-source.ts';
import type { Terminal } from '../terminal.ts';
import { readText, writeText } from '../text-file.ts';

/** Snapshots of the configuration: what it is, what it was, and the way back. */
export function addSnapshotCommand(program: Command, terminal: Terminal): void {
  const snapshot = program
    .command('snapshot')
    .description('Configuration snapshots: export, compare, restore, history');

  onRun<
    [string | undefined],
    { part?: string[]; mappings?: boolean; pcns?: boolean; moment?: string; sign?: string }
  >(
    terminal,
    snapshot
      .command('export')
      .argument('[file]', 'written to standard output where absent')
      .option('--part <key...>', 'only this part: passwordSync, agents/<id>')
      .option('--moment <number>', 'what was in force at a moment of the history')
      .option('--mappings', 'with the mappings of applications')
      .option('--pcns', 'fail where the targets of PCNS cannot be read from the directory')
      .option('--no-pcns', 'without them, and without asking the directory')
      .option('--sign <file>', 'sign with this Ed25519 private key, a PEM file')
      .description('Write the configuration, without any secret, to one file'),
    async (session, [file], { part, mappings = false, pcns, moment, sign }) => {
      const exported = await session.withReader((client) =>
        client.call('snapshots.export', {
          source: moment === undefined ? { kind: 'running' } : { kind: 'moment', id: momentId(moment) },
          ...(part === undefined ? {} : { parts: part }),
          mappings,
          ...(pcns === undefined ? {} : { pcns }),
        }),
      );
      const text = sign === undefined ? exported.text : await signText(exported.text, sign);
      if (file === undefined) {
        terminal.stdout.write(text);
        return;
      }
      writeText(file, text);
      session.print({ file, sha256: exported.sha256 }, () => `Wrote ${file}, SHA-256 ${exported.sha256}`);
    },
  );

  onRun<[string]>(
    terminal,
    snapshot.command('show').argument('<file>', 'a snapshot').description('Say what a snapshot holds'),
    async (session, [file]) => {
      const { parseSnapshot } = await import('#exchange/snapshot/parse-snapshot.ts');
      const { verifySnapshot } = await import('#exchange/snapshot/snapshot-signature.ts');
      const parsed = parseSnapshot(readText(file), file);
      const { body, sha256, origin } = parsed;
      const agents = body.configuration['agents'];
      const summary = {
        ...origin,
        sha256,
        signature: verifySnapshot(parsed),
        parts: body.parts,
        agents: Array.isArray(agents) ? agents.length : 0,
        sections: [...Object.keys(body.configuration), ...Object.keys(body.sections ?? {})],
        secrets: Object.values(body.secrets).filter((state) => state === 'set').length,
      };
      session.print(summary, () =>
        [
          `Made ${origin.madeAt} by ${origin.madeBy} on ${origin.host}, Carillon ${origin.product}`,
          `Configuration ${origin.revision}${body.parts === undefined ? '' : `, only ${body.parts.join(', ')}`}`,
          `Sections: ${summary.sections.join(', ')}`,
          `Management agents: ${summary.agents}; secrets that were set: ${summary.secrets}`,
          `SHA-256 ${sha256}`,
          `Signature: ${summary.signature.verdict}${summary.signature.signer === undefined ? '' : ` (${summary.signature.signer})`}`,
        ].join('\n'),
      );
    },
  );

  onRun<[string], { key?: string }>(
    terminal,
    snapshot
      .command('verify')
      .argument('<file>', 'a snapshot')
      .option('--key <file>', 'the public key that must have signed it, a PEM file')
      .description('Check a snapshot: its hash, and its signature; fails where either does not hold'),
    async (session, [file], { key }) => {
      const { parseSnapshot } = await import('#exchange/snapshot/parse-snapshot.ts');
      const { verifySnapshot } = await import('#exchange/snapshot/snapshot-signature.ts');
      const parsed = parseSnapshot(readText(file), file);
      const found = verifySnapshot(parsed, key === undefined ? undefined : readText(key));
      const ok = found.verdict === 'valid' || (found.verdict === 'none' && key === undefined);
      session.print({ ok, sha256: parsed.sha256, ...found }, () =>
        [
          `SHA-256 ${parsed.sha256} holds`,
          `Signature: ${found.verdict}${found.signer ? ` (${found.signer})` : ''}`,
        ].join('\n'),
      );
      if (!ok)
        throw new AppError('damaged', `The signature of ${file} does not hold: ${found.verdict}`, {
          fix: 'Get the file from its origin again.',
        });
    },
  );

  addSnapshotCompare(snapshot, terminal);

  onRun<[string], { part?: string[] }>(
    terminal,
    snapshot
      .command('plan')
      .argument('<source>', sourceWords)
      .option('--part <key...>', 'only these parts')
      .description('Show what restoring would create, change and delete; changes nothing'),
    async (session, [source], { part }) => {
      const plan = await session.withReader(async (client) =>
        client.call('snapshots.plan', {
          source: sourceOf(source),
          ...(part === undefined ? {} : { parts: part }),
        }),
      );
      session.print(plan, () => formatPlan(plan, terminal.paint));
      if (!plan.possible)
        throw new AppError('invalid_configuration', 'It cannot be restored as it is', {
          fix: 'Put right what the plan names, or restore parts with --part.',
        });
    },
  );

  onRun<[string], { part?: string[]; revision?: string }>(
    terminal,
    snapshot
      .command('restore')
      .argument('<source>', sourceWords)
      .option('--part <key...>', 'only these parts')
      .option('--revision <hash>', 'refuse where the configuration in force is another one')
      .description('Restore the plan, whole or not at all; what was there before is kept'),
    async (session, [given], { part, revision }) => {
      const source = sourceOf(given);
      const parts = part === undefined ? {} : { parts: part };
      const done = await session.withService(async (client) => {
        const plan = await client.call('snapshots.plan', { source, ...parts });
        if (!session.json) session.note(formatPlan(plan, terminal.paint));
        return await client.call('snapshots.restore', {
          source,
          ...parts,
          revision: revision ?? plan.revision,
        });
      });
      session.print(done, () =>
        [
          `In force: revision ${done.revision}; ${done.steps} ${done.steps === 1 ? 'step' : 'steps'}`,
          `What was there before is moment ${done.before}; carillon snapshot undo brings it back`,
        ].join('\n'),
      );
    },
  );

  onRun(
    terminal,
    snapshot.command('undo').description('Take the last restore or import back'),
    async (session) => {
      const done = await session.withService((client) => client.call('snapshots.undo', {}));
      session.print(done, () =>
        [
          `In force: revision ${done.revision}, as before; what was there now is moment ${done.before}`,
          ...done.notRestored.map(({ name, reason, fix }) => `Not restored: ${name}: ${reason}. ${fix}`),
        ].join('\n'),
      );
    },
  );

  onRun<[], { note?: string }>(
    terminal,
    snapshot
      .command('take')
      .option('--note <text>', 'why, for whoever reads the history')
      .description('Keep the configuration of now in the history'),
    async (session, _, { note = '' }) => {
      const moment = await session.withService((client) => client.call('snapshots.take', { note }));
      session.print(moment, ({ id }) => `Kept as moment ${id}`);
    },
  );

  onRun<[], { limit: number; at?: string }>(
    terminal,
    snapshot
      .command('history')
      .option('--limit <count>', 'how many, newest first', parseNumber(1, 1000), 50)
      .option('--at <time>', 'what was in force then, such as 2026-03-01T14:00')
      .description('Show who changed the configuration when, from what to what'),
    async (session, _, { limit, at }) => {
      const time = at === undefined ? undefined : parseTime(at);
      const moments = await session.withReader((client) =>
        client.call('snapshots.history', { limit, ...(time === undefined ? {} : { at: time }) }),
      );
      session.print(moments, () => formatMoments(moments, terminal.paint));
    },
  );

  onRun<[string, string | undefined]>(
    terminal,
    snapshot
      .command('report')
      .argument('<out>', 'HTML file to write')
      .argument('[source]', sourceWords, 'now')
      .description('Document the whole configuration as one HTML file'),
    async (session, [out, source = 'now']) => {
      const { html } = await session.withReader((client) =>
        client.call('snapshots.report', { source: sourceOf(source) }),
      );
      writeText(out, html);
      session.print({ file: out }, () => `Wrote ${out}`);
    },
  );
}
