import { isJsonList, isJsonObject, type JsonObject, type JsonValue } from '../snapshot/json-value.ts';
import { escapeHtml } from './escape-html.ts';

interface Box {
  readonly title: string;
  readonly detail: string;
  readonly quiet?: boolean;
}

const width = 960;
const boxWidth = 240;
const boxHeight = 46;
const step = 62;
const top = 46;
const mostApplications = 12;

/** The way of a password through the installation: sources, metaverse, targets, applications. */
export function drawFlow(configuration: JsonObject, sections: JsonObject = {}): string {
  const agents = listOf(configuration['agents']);
  const sources: Box[] = [];
  const links: (readonly [source: number, target: string])[] = [];
  for (const agent of agents)
    for (const partition of listOf(agent['partitions'])) {
      const source = partition['passwordSource'];
      if (!isJsonObject(source) || source['enabled'] !== true) continue;
      for (const id of isJsonList(source['targets']) ? source['targets'] : [])
        links.push([sources.length, String(id)]);
      sources.push({
        title: textOf(source['domain']),
        detail: `${textOf(agent['name'])}: ${textOf(partition['dn'])}`,
      });
    }
  const linked = new Set(links.map(([, id]) => id));
  const targets = agents.filter((agent) => linked.has(textOf(agent['id'])) || isManaged(agent));
  const known = [
    ...listOf(sections['adapters']).map((one) => ({
      title: textOf(one['name']),
      detail: 'Password sync adapter',
    })),
    ...listOf(sections['applications']).map((one) => ({
      title: textOf(one['name']),
      detail: 'Affiliate application',
    })),
  ];
  const more = known.length - mostApplications;
  const applications =
    more <= 0
      ? known
      : [
          ...known.slice(0, mostApplications - 1),
          { title: `and ${more + 1} more`, detail: 'In the tables below', quiet: true },
        ];
  const rows = Math.max(1, sources.length, targets.length);
  const middle = top + ((rows - 1) * step) / 2;
  const lower = top + rows * step + 24;
  const height =
    applications.length === 0
      ? top + rows * step + 8
      : lower + Math.ceil(applications.length / 3) * step + 16;
  const left = 16;
  const centre = (width - 190) / 2;
  const right = width - boxWidth - 16;
  const parts = [
    `<text x="${left}" y="26" class="small">Passwords are changed in</text>`,
    `<text x="${centre}" y="26" class="small">They are matched in</text>`,
    `<text x="${right}" y="26" class="small">They are set in</text>`,
    drawBox(centre, middle, 190, { title: 'Metaverse', detail: syncWords(configuration) }),
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
        detail: `${shadow ? 'shadow mode; ' : ''}${kindOf(agent)}; ${joinWords(agent)}`,
        quiet: off,
      };
      return [drawBox(right, y, boxWidth, box), drawArrow(centre + 190, middle, right, y, off)];
    }),
    ...(applications.length === 0
      ? []
      : [
          `<text x="${left}" y="${lower - 6}" class="small">Single sign-on</text>`,
          ...applications.map((box, index) =>
            drawBox(
              left + (index % 3) * (boxWidth + 70),
              lower + Math.floor(index / 3) * step,
              boxWidth,
              box,
            ),
          ),
        ]),
  ];
  const nothing = sources.length === 0 ? '<text x="16" y="76">No password source is enabled</text>' : '';
  return `<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="The way of a password"><defs><marker id="tip" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8" markerHeight="8" orient="auto"><path d="M0 0L8 4L0 8z" fill="#0f5a9c"/></marker></defs>${parts.join('')}${nothing}</svg>`;
}

function drawBox(x: number, y: number, boxWide: number, { title, detail, quiet }: Box): string {
  const stroke = quiet ? '#b0b0b0" stroke-dasharray="4 3' : '#0f5a9c';
  return `<rect x="${x}" y="${y}" width="${boxWide}" height="${boxHeight}" rx="4" fill="#f2f6fb" stroke="${stroke}"/><text x="${x + 10}" y="${y + 19}" font-weight="600">${cut(title, boxWide / 8)}</text><text x="${x + 10}" y="${y + 35}" class="small">${cut(detail, boxWide / 6.6)}</text>`;
}

function drawArrow(fromX: number, fromY: number, toX: number, toY: number, quiet = false): string {
  const [y1, y2] = [fromY + boxHeight / 2, toY + boxHeight / 2];
  const bend = (toX - fromX) / 2;
  const stroke = quiet ? '#b0b0b0" stroke-dasharray="4 3' : '#0f5a9c';
  return `<path d="M${fromX} ${y1}C${fromX + bend} ${y1} ${toX - bend} ${y2} ${toX} ${y2}" fill="none" stroke="${stroke}" marker-end="url(#tip)"/>`;
}

function cut(text: string, characters: number): string {
  const limit = Math.floor(characters);
  return escapeHtml(text.length > limit ? `${text.slice(0, limit - 1)}…` : text);
}

function syncWords(configuration: JsonObject): string {
  const sync = configuration['passwordSync'];
  return isJsonObject(sync) && sync['enabled'] === true ? 'Synchronization is on' : 'Synchronization is off';
}

function joinWords(agent: JsonObject): string {
  const [rule] = listOf(agent['join']);
  const pairs = listOf(rule?.['mappings']).map(
    (pair) => `${textOf(pair['connector'])} = ${textOf(pair['person'])}`,
  );
  if (pairs.length > 0) return pairs.join(', ');
  return agent['project'] === true ? 'projects' : 'no join rule';
}

function kindOf(agent: JsonObject): string {
  return textOf(agent['profile'] ?? agent['kind']);
}

function isManaged(agent: JsonObject): boolean {
  const password = agent['password'];
  return isJsonObject(password) && password['enabled'] === true;
}

function isInShadow(agent: JsonObject): boolean {
  const password = agent['password'];
  return isJsonObject(password) && password['shadow'] === true;
}

function listOf(value: JsonValue | undefined): readonly JsonObject[] {
  return isJsonList(value) ? value.filter(isJsonObject) : [];
}

function textOf(value: JsonValue | undefined): string {
  return typeof value === 'string' ? value : '';
}
