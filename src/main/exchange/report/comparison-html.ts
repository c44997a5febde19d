import type { Comparison, PropertyDifference } from '#shared/contract/snapshots.ts';
import { describeValue } from '#shared/text/describe-value.ts';
import { summarize } from './comparison-words.ts';
import { escapeHtml } from './escape-html.ts';
import { htmlPage } from './html-page.ts';

/** A comparison as one HTML file, changed values side by side. */
export function comparisonHtml(comparison: Comparison): string {
  const { left, right, base, objects } = comparison;
  const titles = base === undefined ? [left, right] : [base, left, right];
  const head = `<tr><th>Setting</th>${titles.map((title) => `<th>${escapeHtml(title)}</th>`).join('')}</tr>`;
  const sections = objects.map(({ kind, name, state, before, depth, properties }) => {
    const title = kind === name ? kind : `${kind} ${name}`;
    const was = before === undefined ? '' : `, was ${before}`;
    const mark = state === 'same' ? '' : `<span class="state ${state}">${escapeHtml(state + was)}</span>`;
    const tag = depth < 2 ? 'h2' : 'h3';
    const rows = properties.map((property) => rowOf(property, base !== undefined)).join('');
    const table = rows === '' ? '' : `<table><thead>${head}</thead><tbody>${rows}</tbody></table>`;
    return `<${tag}>${escapeHtml(title)}${mark}</${tag}>${table}`;
  });
  const title = `${left} and ${right}`;
  return htmlPage(
    title,
    [
      `<h1>${escapeHtml(title)}</h1>`,
      `<p class="about">${escapeHtml(summarize(comparison))}</p>`,
      ...sections,
    ].join('\n'),
  );
}

function rowOf({ label, state, left, right, base, by }: PropertyDifference, three: boolean): string {
  const cell = (value: unknown, mark: string): string =>
    `<td${mark === '' ? '' : ` class="${mark}"`}>${value === undefined ? '' : escapeHtml(describeValue(value))}</td>`;
  const marks = { same: '', changed: 'changed', added: 'added', removed: 'removed' };
  const mark = by === 'conflict' ? 'conflict' : marks[state];
  const bases = three ? cell(base, '') : '';
  const leftMark = three ? (by === 'right' ? '' : mark) : mark;
  const rightMark = three && by === 'left' ? '' : mark;
  return `<tr><td>${escapeHtml(label)}</td>${bases}${cell(left, leftMark)}${cell(right, rightMark)}</tr>`;
}
