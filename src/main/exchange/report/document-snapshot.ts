import { agentKinds, ldapProfiles } from '#shared/text/agent-words.ts';
import { describeValue } from '#shared/text/describe-value.ts';

import { sideOf } from '../compare/compare-snapshots.ts';
import { type ConfigObject, orderPrefix } from '../compare/config-object.ts';
import { kindWords, labelWords, nameWords } from '../compare/property-words.ts';
import type { JsonValue } from '../snapshot/json-value.ts';
import { definitionPlaces, type SchemaPlace, schemaPlaces } from '../snapshot/schema-places.ts';
import type { Snapshot } from '../snapshot/snapshot.ts';
import { escapeHtml } from './escape-html.ts';
import { drawFlow } from './flow-drawing.ts';
import { htmlPage } from './html-page.ts';

/** Documents a configuration as one HTML file: a drawing of the flow, and every setting with what is not default marked. */
export function documentSnapshot(snapshot: Snapshot): string {
  const { body, sha256, origin } = snapshot;
  const { root } = sideOf({ title: '', snapshot });
  const names = namesOf(root);
  const places = new Map([...schemaPlaces(), ...definitionPlaces()]);
  const title = `Configuration of ${origin.host}`;
  const about = [
    `Made ${origin.madeAt.slice(0, 19).replace('T', ' ')} UTC by ${origin.madeBy}`,
    `Carillon ${origin.product}, revision ${origin.revision}`,
    `SHA-256 ${sha256}`,
  ];
  const sections = root.children.map((child) => documentObject(child, 2, names, places));
  return htmlPage(
    title,
    [
      `<h1>${escapeHtml(title)}</h1>`,
      `<p class="about">${about.map(escapeHtml).join('<br>')}</p>`,
      contentsOf(root),
      '<h2>The way of a password</h2>',
      drawFlow(body.configuration, body.sections),
      '<p class="quiet">Dashed in the drawing: takes no part now. A marked line of a table differs from the default. Secrets are shown as set or not set.</p>',
      `<h2>Server</h2>${tableOf(root, names, places)}`,
      ...sections,
    ].join('\n'),
  );
}

/** Every object by what it is, on a line a kind. */
function contentsOf({ children }: ConfigObject): string {
  const kinds = Map.groupBy(children, ({ place }) => (place.endsWith('[]') ? kindWords(place) : 'Settings'));
  const lines = [...kinds].map(([kind, objects]) => {
    const links = objects.map((object) => {
      const words = object.place.endsWith('[]') ? object.name : nameWords(object.place, object.name);
      return `<a href="#${anchorOf(object)}">${escapeHtml(words)}</a>`;
    });
    const many = objects.length > 1 && kind !== 'Settings' ? 's' : '';
    return `<dt>${escapeHtml(kind)}${many}</dt><dd>${links.join(', ')}</dd>`;
  });
  return `<nav><dl>${lines.join('')}</dl></nav>`;
}

type Places = ReadonlyMap<string, SchemaPlace>;

function documentObject(
  object: ConfigObject,
  level: number,
  names: ReadonlyMap<string, string>,
  places: Places,
): string {
  const tag = level === 2 ? 'h2' : 'h3';
  return [
    `<${tag} id="${anchorOf(object)}">${escapeHtml(titleOf(object))}</${tag}>`,
    tableOf(object, names, places),
    ...object.children.map((child) => documentObject(child, level + 1, names, places)),
  ].join('\n');
}

function titleOf({ place, name }: ConfigObject): string {
  return place.endsWith('[]') ? `${kindWords(place)} ${name}` : nameWords(place, name);
}

function anchorOf({ key }: ConfigObject): string {
  return escapeHtml(encodeURIComponent(key));
}

function tableOf(object: ConfigObject, names: ReadonlyMap<string, string>, places: Places): string {
  const rows = [...object.values]
    .filter(([path]) => !path.startsWith(orderPrefix))
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([path, value]) => {
      const { defaults = [] } = places.get(object.place === '' ? path : `${object.place}.${path}`) ?? {};
      const isOwn =
        defaults.length > 0 && !defaults.some((one) => JSON.stringify(one) === JSON.stringify(value));
      const fallback = isOwn
        ? ` <span class="quiet">(default: ${escapeHtml(describeValue(defaults[0]))})</span>`
        : '';
      const shown = escapeHtml(describeValue(kindValue(object.place, path, withNames(value, names))));
      return `<tr${isOwn ? ' class="own"' : ''}><td>${escapeHtml(labelWords(object.place, path))}</td><td>${shown}${fallback}</td></tr>`;
    });
  if (rows.length === 0) return '';
  return `<table><thead><tr><th>Setting</th><th>Value</th></tr></thead><tbody>${rows.join('')}</tbody></table>`;
}

const agentWords: Readonly<Record<string, string>> = { ...agentKinds, ...ldapProfiles };

/** What an agent is for, in the words of the console. */
function kindValue(place: string, path: string, value: unknown): unknown {
  const isKind = place === 'agents[]' && (path === 'kind' || path === 'profile');
  return isKind && typeof value === 'string' ? (agentWords[value] ?? value) : value;
}

function namesOf(object: ConfigObject, names = new Map<string, string>()): ReadonlyMap<string, string> {
  const id = object.values.get('id') ?? object.values.get('guid');
  if (typeof id === 'string') names.set(id, object.name);
  for (const child of object.children) namesOf(child, names);
  return names;
}

/** Lists of identifiers read as the names of what they stand for; an object's own identifier stays. */
function withNames(value: JsonValue, names: ReadonlyMap<string, string>): unknown {
  return Array.isArray(value)
    ? value.map((one: JsonValue) => (typeof one === 'string' ? (names.get(one) ?? one) : one))
    : value;
}
