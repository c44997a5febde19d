import { agentKinds, ldapProfiles } from '#shared/text/agent-words.ts';

import { isJsonList, isJsonObject, type JsonObject } from '../snapshot/json-value.ts';
import { listOf, textOf } from '../snapshot/value-of.ts';
import { type Box, boxWidth, drawArrow, drawBox, step } from './draw-box.ts';
import { drawSignOn } from './sign-on-drawing.ts';

const width = 1000;
const top = 42;
const middleWidth = 200;

/** The way of a password through the installation: sources, metaverse, targets, applications. */
export function drawFlow(configuration: JsonObject, sections: JsonObject = {}): string {
  const agents = listOf(configuration['agents']);
  const sources: (Box & { readonly agent: string })[] = [];
  const links: (readonly [source: number, target: string])[] = [];
  for (const agent of agents)
    for (const partition of listOf(agent['partitions'])) {
      const source = partition['passwordSource'];
      if (!isJsonObject(source) || source['enabled'] !== true) continue;
      for (const id of isJsonList(source['targets']) ? source['targets'] : [])
        links.push([sources.length, String(id)]);
      sources.push({
        agent: textOf(agent['id']),
        title: textOf(source['domain']),
        lines: [`${textOf(agent['name'])}: ${textOf(partition['dn'])}`, targetWords(source, agents)],
      });
    }
  const linked = new Set(links.map(([, id]) => id));
  const senders = new Set(sources.map(({ agent }) => agent));
  // An agent that takes no password still says who is who.
  const targets = agents.filter(
    (agent) => linked.has(textOf(agent['id'])) || isManaged(agent) || !senders.has(textOf(agent['id'])),
  );
  const rows = Math.max(1, sources.length, targets.length);
  const middle = top + ((rows - 1) * step) / 2;
  const signOn = drawSignOn(sections, top + rows * step + 24);
  const height = signOn === undefined ? top + rows * step + 4 : signOn.bottom;
  const left = 16;
  const centre = (width - middleWidth) / 2;
  const right = width - boxWidth - 16;
  const parts = [
    `<text x="${left}" y="26" class="small">Passwords are changed in</text>`,
    `<text x="${centre}" y="26" class="small">They are matched in</text>`,
    `<text x="${right}" y="26" class="small">Connected systems that take them</text>`,
    drawBox(centre, middle, middleWidth, {
      title: 'Metaverse',
      lines: [syncWords(configuration), personWords(agents)],
    }),
    ...sources.flatMap((box, index) => {
      const y = top + index * step;
      return [drawBox(left, y, boxWidth, box), drawArrow(left + boxWidth, y, centre, middle)];
    }),
    ...targets.flatMap((agent, index) => {
      const y = top + index * step;
      const shadow = isInShadow(agent);
      const off = shadow || !linked.has(textOf(agent['id'])) || !isManaged(agent);
      const box = {
        title: textOf(agent['name']),
        lines: [
          `${shadow ? 'Shadow mode; ' : isManaged(agent) ? '' : 'No passwords; '}${kindOf(agent)}`,
          joinWords(agent),
        ],
        quiet: off,
      };
      return [drawBox(right, y, boxWidth, box), drawArrow(centre + middleWidth, middle, right, y, off)];
    }),
    ...(signOn === undefined ? [] : [signOn.drawing]),
  ];
  const nothing =
    sources.length === 0 ? '<text x="16" y="76" class="small">No password source is enabled</text>' : '';
  return `<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="The way of a password"><defs>${tip('tip', '#0f5a9c')}${tip('quiet-tip', '#9a9a9a')}</defs>${parts.join('')}${nothing}</svg>`;
}

function syncWords(configuration: JsonObject): string {
  const sync = configuration['passwordSync'];
  return isJsonObject(sync) && sync['enabled'] === true ? 'Synchronization is on' : 'Synchronization is off';
}

function tip(id: string, colour: string): string {
  return `<marker id="${id}" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8" markerHeight="8" orient="auto"><path d="M0 0L8 4L0 8z" fill="${colour}"/></marker>`;
}

/** Who gets the changes of a source. */
function targetWords(source: JsonObject, agents: readonly JsonObject[]): string {
  const ids = new Set(isJsonList(source['targets']) ? source['targets'] : []);
  const names = agents.filter(({ id }) => id !== undefined && ids.has(id)).map(({ name }) => textOf(name));
  return names.length === 0 ? 'to no target' : `to ${names.join(', ')}`;
}

/** Whose objects make persons. */
function personWords(agents: readonly JsonObject[]): string {
  const names = agents.filter((agent) => agent['project'] === true).map(({ name }) => textOf(name));
  return names.length === 0 ? 'no agent projects' : `people of ${names.join(', ')}`;
}

function joinWords(agent: JsonObject): string {
  const [rule] = listOf(agent['join']);
  const pairs = listOf(rule?.['mappings']).map(
    (pair) => `${textOf(pair['connector'])} = ${textOf(pair['person'])}`,
  );
  if (pairs.length > 0) return `joined by ${pairs.join(', ')}`;
  if (textOf(agent['kind']) === 'entsso') return '';
  return agent['project'] === true ? 'its objects become people' : 'no join rule';
}

const words: Readonly<Record<string, string>> = { ...agentKinds, ...ldapProfiles };

function kindOf(agent: JsonObject): string {
  const kind = textOf(agent['profile'] ?? agent['kind']);
  return words[kind] ?? kind;
}

function isManaged(agent: JsonObject): boolean {
  const password = agent['password'];
  return isJsonObject(password) && password['enabled'] === true;
}

function isInShadow(agent: JsonObject): boolean {
  const password = agent['password'];
  return isJsonObject(password) && password['shadow'] === true;
}
