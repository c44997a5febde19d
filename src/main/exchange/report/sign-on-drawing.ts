import type { JsonObject } from '../snapshot/json-value.ts';
import { listOf, textOf } from '../snapshot/value-of.ts';
import { type Box, boxWidth, drawArrow, drawBox, step } from './draw-box.ts';

/** Boxes of one column; what is beyond them stands in the tables. */
const most = 12;
const columns = { groups: 16, adapters: 369, applications: 722 };

/** Single sign-on below the flow: group adapters, the adapters that they serve, and the applications that these have. */
export function drawSignOn(
  sections: JsonObject,
  y: number,
): { readonly drawing: string; readonly bottom: number } | undefined {
  const all = listOf(sections['adapters']);
  const groups = all.filter((adapter) => adapter['kind'] === 'group-adapter');
  const adapters = all.filter((adapter) => adapter['kind'] !== 'group-adapter');
  const applications = listOf(sections['applications']);
  if (all.length + applications.length === 0) return undefined;
  const rows = [groups, adapters, applications].map((list) => Math.min(list.length, most));
  const rowOf = (list: readonly JsonObject[], name: string): number =>
    list.slice(0, list.length > most ? most - 1 : most).findIndex((one) => fold(one['name']) === fold(name));
  const at = (row: number): number => y + 18 + row * step;
  const column = (x: number, list: readonly JsonObject[], describe: Describe): string[] =>
    boxesOf(list, describe).map((box, row) => drawBox(x, at(row), boxWidth, box));
  const arrows = [
    ...adapters.flatMap((adapter, row) => {
      const group = rowOf(groups, textOf(adapter['group']));
      if (group === -1 || row >= most) return [];
      return [drawArrow(columns.groups + boxWidth, at(group), columns.adapters, at(row), !isOn(adapter))];
    }),
    ...applications.flatMap((application, row) => {
      const adapter = rowOf(adapters, textOf(application['adapter']));
      if (adapter === -1 || row >= most) return [];
      const quiet = !isOn(application);
      return [drawArrow(columns.adapters + boxWidth, at(adapter), columns.applications, at(row), quiet)];
    }),
  ];
  const heading = (x: number, text: string, list: readonly JsonObject[]): string =>
    list.length === 0 ? '' : `<text x="${x}" y="${y + 4}" class="small">${text}</text>`;
  return {
    drawing: [
      heading(columns.groups, 'Group adapters', groups),
      heading(columns.adapters, 'Password sync adapters', adapters),
      heading(columns.applications, 'Affiliate applications', applications),
      ...arrows,
      ...column(columns.groups, groups, ({ computer }) => [textOf(computer)]),
      ...column(columns.adapters, adapters, adapterWords),
      ...column(columns.applications, applications, applicationWords),
    ].join(''),
    bottom: at(Math.max(...rows)) + 4,
  };
}

type Describe = (one: JsonObject) => readonly string[];

function boxesOf(list: readonly JsonObject[], describe: Describe): readonly Box[] {
  const box = (one: JsonObject): Box => ({
    title: textOf(one['name']),
    lines: describe(one).map((line, index) => (index > 0 || isOn(one) ? line : `disabled; ${line}`)),
    quiet: !isOn(one),
  });
  if (list.length <= most) return list.map(box);
  const rest = { title: `and ${list.length - most + 1} more`, lines: ['In the tables below'], quiet: true };
  return [...list.slice(0, most - 1).map(box), rest];
}

function adapterWords(adapter: JsonObject): readonly string[] {
  const ways = [
    adapter['sendChanges'] === true ? 'gets changes' : '',
    adapter['receiveChanges'] === true ? 'reports changes' : '',
  ].filter((words) => words !== '');
  return [textOf(adapter['computer']), ways.join(', ')];
}

function applicationWords(application: JsonObject): readonly string[] {
  const way =
    textOf(application['adapter']) !== ''
      ? `through ${textOf(application['adapter'])}`
      : application['directPasswordSync'] === true
        ? 'direct password sync'
        : 'no password sync';
  return [textOf(application['type']), way];
}

function isOn(one: JsonObject): boolean {
  return one['enabled'] === true;
}

function fold(name: unknown): string {
  return String(name).toLowerCase();
}
