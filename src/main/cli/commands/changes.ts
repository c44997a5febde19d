import type { Command } from 'commander';

import type { ChangeTrace } from '#shared/contract/changes.ts';
import { AppError } from '#shared/model/app-error.ts';
import { trackingIdSchema } from '#shared/model/change.ts';

import { onRun } from '../on-run.ts';
import type { Paint } from '../output/paint.ts';
import { formatTable } from '../output/table.ts';
import { formatAge, formatTime } from '../output/time-words.ts';
import { parseNumber } from '../parse-number.ts';
import type { Terminal } from '../terminal.ts';

const limitOption = ['--limit <count>', 'how many, newest first', parseNumber(1, 1000), 50] as const;

export function addChangeCommands(program: Command, terminal: Terminal): void {
  onRun<[string | undefined], { limit: number }>(
    terminal,
    program
      .command('trace')
      .argument('[id]', 'tracking id; the latest changes where absent')
      .option(...limitOption)
      .description('Follow one change through every hop to every target'),
    async (session, [id], { limit }) => {
      if (id === undefined) {
        const rows = await session.withReader((client) => client.call('changes.list', { limit }));
        session.print(rows, () =>
          formatTable(
            [
              { title: 'tracking id', value: ({ trackingId }) => trackingId },
              { title: 'account', value: ({ account }) => account },
              { title: 'from', value: ({ sourceServer }) => sourceServer },
              { title: 'received', value: ({ receivedAt }) => formatAge(receivedAt) },
              { title: 'refused', value: ({ refusal }) => refusal && `${refusal.event} ${refusal.reason}` },
            ],
            rows,
          ),
        );
        return;
      }
      const parsed = trackingIdSchema.safeParse(id.toLowerCase());
      if (!parsed.success)
        throw new AppError('invalid_input', `"${id}" is no tracking id`, {
          fix: 'List the latest changes: carillon trace',
        });
      const trackingId = parsed.data;
      const trace = await session.withReader((client) => client.call('changes.trace', { trackingId }));
      session.print(trace, () => formatTrace(trace, terminal.paint));
    },
  );

  onRun<[string], { limit: number }>(
    terminal,
    program
      .command('history')
      .argument('<account>', 'DOMAIN\\name, or the name alone')
      .option(...limitOption)
      .description('Show what became of the changes of an account'),
    async (session, [account], { limit }) => {
      const rows = await session.withReader((client) => client.call('changes.history', { account, limit }));
      session.print(rows, () =>
        formatTable(
          [
            { title: 'settled', value: ({ settledAt }) => formatTime(settledAt) },
            { title: 'account', value: (row) => row.account },
            { title: 'target', value: ({ agentName }) => agentName },
            { title: 'outcome', value: ({ outcome }) => paintOutcome(outcome, terminal.paint) },
            { title: 'event', value: ({ event }) => event },
            { title: 'tries', value: ({ attempts }) => attempts, align: 'right' },
            { title: 'verified', value: ({ verification }) => verification },
            { title: 'reason', value: ({ reason }) => reason },
            { title: 'tracking id', value: ({ trackingId }) => trackingId },
          ],
          rows,
        ),
      );
    },
  );
}

function paintOutcome(outcome: string, paint: Paint): string {
  if (outcome === 'delivered') return paint('green', outcome);
  return outcome === 'refused' || outcome === 'expired' ? paint('red', outcome) : paint('yellow', outcome);
}

function formatTrace(trace: ChangeTrace, paint: Paint): string {
  // The directory's own commit time may lie before the hook handed the change over.
  const start = Math.min(trace.capturedAt, ...trace.hops.map(({ at }) => at));
  const hops = trace.hops.map(
    ({ name, at, note }) =>
      `  ${formatTime(at)}  ${`+${at - start} ms`.padStart(12)}  ${name.padEnd(10)} ${note ?? ''}`,
  );
  const deliveries = trace.deliveries.flatMap((delivery) => [
    '',
    `${paint('bold', delivery.agentName)}: ${paintOutcome(delivery.outcome ?? delivery.state, paint)}${
      delivery.event === undefined ? '' : ` (event ${delivery.event})`
    }${delivery.dn === undefined ? '' : `  ${delivery.dn}`}`,
    ...(delivery.reason === undefined ? [] : [`  ${delivery.reason}`]),
    ...delivery.attempts.map(
      ({ at, ms, result, detail }) =>
        `  ${formatTime(at)}  ${`${ms.toFixed(1)} ms`.padStart(12)}  ${result}${detail ? `: ${detail}` : ''}`,
    ),
    ...(delivery.verification === undefined ? [] : [`  proof of the new password: ${delivery.verification}`]),
  ]);
  return [
    `${paint('bold', trace.account)}  ${trace.trackingId}  from ${trace.sourceServer}`,
    ...(trace.refusal === undefined
      ? []
      : [`${paint('red', 'refused')} (event ${trace.refusal.event}): ${trace.refusal.reason}`]),
    '',
    ...hops.map((line) => line.trimEnd()),
    ...deliveries,
  ].join('\n');
}
