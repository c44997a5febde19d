import type { Comparison } from '#shared/contract/snapshots.ts';
import { describeValue } from '#shared/text/describe-value.ts';

import { summarize } from './comparison-words.ts';

/** A comparison in Markdown, for a ticket or a merge request. */
export function comparisonMarkdown(comparison: Comparison): string {
  const { left, right, base, objects } = comparison;
  const titles = base === undefined ? [left, right] : [base, left, right];
  const lines = [`# ${inline(left)} and ${inline(right)}`, '', summarize(comparison)];
  for (const { kind, name, state, before, depth, properties } of objects) {
    const title = kind === name ? kind : `${kind} ${name}`;
    const was = before === undefined ? '' : `, was ${inline(before)}`;
    lines.push(
      '',
      `${'#'.repeat(Math.min(6, depth + 2))} ${inline(title)}${state === 'same' ? '' : ` (${state}${was})`}`,
    );
    if (properties.length === 0) continue;
    lines.push('', `| Setting | ${titles.map(cell).join(' | ')} |`, `|---|${'---|'.repeat(titles.length)}`);
    for (const property of properties) {
      const values = base === undefined ? [] : [property.base];
      const shown = [...values, property.left, property.right].map((value) =>
        value === undefined ? '' : cell(describeValue(value)),
      );
      const mark = property.by === 'conflict' ? ' **conflict**' : '';
      lines.push(`| ${cell(property.label)}${mark} | ${shown.join(' | ')} |`);
    }
  }
  return `${lines.join('\n')}\n`;
}

/** Text that Markdown takes as it stands. */
function inline(text: string): string {
  return text.replaceAll(/[\r\n]+/g, ' ').replaceAll(/[\\`*_[\]<>#|]/g, '\\$&');
}

function cell(text: string): string {
  return text.split(/\r?\n/).map(inline).join('<br>');
}
