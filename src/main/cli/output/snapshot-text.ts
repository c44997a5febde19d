import { summarize } from '#exchange/report/comparison-words.ts';
import type { Comparison, Moment, RestorePlan } from '#shared/contract/snapshots.ts';
import { describeValue } from '#shared/text/describe-value.ts';

import { formatMistakes } from './mistake-text.ts';
import type { Paint } from './paint.ts';
import { formatTime } from './time-words.ts';

const stateColours = {
  same: 'dim',
  changed: 'yellow',
  added: 'green',
  removed: 'red',
  renamed: 'yellow',
  moved: 'yellow',
} as const;

/** A comparison as an indented tree; each changed property with both values. */
export function formatComparison(comparison: Comparison, paint: Paint): string {
  const lines = [`${comparison.left} and ${comparison.right}: ${summarize(comparison)}`];
  for (const { depth, kind, name, state, before, properties } of comparison.objects) {
    const indent = '  '.repeat(depth);
    const title = kind === name ? kind : `${kind} "${name}"`;
    const was = before === undefined ? '' : ` (was ${before})`;
    lines.push(
      `${indent}${paint('bold', title)} ${state === 'same' ? '' : paint(stateColours[state], state)}${was}`.trimEnd(),
    );
    for (const { label, state: how, left, right, base, by } of properties) {
      const values = [
        ...(comparison.base === undefined ? [] : [inline(base)]),
        ...(how === 'same' ? [inline(right)] : [inline(left), inline(right)]),
      ];
      const mark = by === undefined ? '' : ` [${by === 'conflict' ? paint('red', 'conflict') : by}]`;
      lines.push(`${indent}  ${label}: ${values.join(' → ')}${mark}`);
    }
  }
  return lines.join('\n');
}

function inline(value: unknown): string {
  return describeValue(value).replaceAll('\n', '; ');
}

const actSigns = { create: '+', change: '~', delete: '-' } as const;
const actColours = { create: 'green', change: 'yellow', delete: 'red' } as const;

/** A plan as a list of steps, then what it cannot do. */
export function formatPlan(plan: RestorePlan, paint: Paint): string {
  const lines = [
    `Restoring ${plan.source} takes ${plan.steps.length} ${plan.steps.length === 1 ? 'step' : 'steps'}`,
  ];
  for (const { act, key, kind, name, details, needsPassword, needsFullImport } of plan.steps) {
    const title = kind === name ? kind : `${kind} "${name}"`;
    lines.push(`${paint(actColours[act], `${actSigns[act]} ${act}`)} ${title}  ${paint('dim', key)}`);
    for (const detail of details) lines.push(`    ${detail.replaceAll('\n', '; ')}`);
    if (needsPassword)
      lines.push(
        `    ${paint('yellow', key.startsWith('mappings/') ? 'needs credentials' : 'needs a password')}`,
      );
    if (needsFullImport) lines.push(`    ${paint('yellow', 'needs a full import')}`);
  }
  if (plan.notRestored.length > 0) lines.push('Not restored:');
  for (const { name, reason, fix } of plan.notRestored) lines.push(`  ${name}: ${reason}. ${fix}`);
  if (plan.mistakes.length > 0) lines.push(formatMistakes('result', plan.mistakes, paint));
  return lines.join('\n');
}

/** The history, newest first, each moment with what changed. */
export function formatMoments(moments: readonly Moment[], paint: Paint): string {
  if (moments.length === 0) return 'None';
  return moments
    .map(({ id, at, by, kind, revision, note, changes }) =>
      [
        `${paint('bold', String(id))}  ${formatTime(at)}  ${kind} by ${by}  ${paint('dim', revision)}${note === '' ? '' : `  ${note}`}`,
        ...changes.map(({ object, property, from, to }) =>
          from === undefined && to === undefined
            ? `    ${object}: ${property.toLowerCase()}`
            : `    ${object}: ${property}: ${inline(from)} → ${inline(to)}`,
        ),
      ].join('\n'),
    )
    .join('\n');
}
