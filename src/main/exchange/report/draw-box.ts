import { escapeHtml } from './escape-html.ts';

export interface Box {
  readonly title: string;
  readonly detail: string;
  /** Drawn dashed: it takes no part now. */
  readonly quiet?: boolean;
}

export const boxWidth = 240;
const boxHeight = 46;
/** From one box to the one below it. */
export const step = 62;

export function drawBox(x: number, y: number, boxWide: number, { title, detail, quiet }: Box): string {
  const stroke = quiet ? '#b0b0b0" stroke-dasharray="4 3' : '#0f5a9c';
  return `<rect x="${x}" y="${y}" width="${boxWide}" height="${boxHeight}" rx="4" fill="#f2f6fb" stroke="${stroke}"/><text x="${x + 10}" y="${y + 19}" font-weight="600">${cut(title, boxWide / 8)}</text><text x="${x + 10}" y="${y + 35}" class="small">${cut(detail, boxWide / 6.6)}</text>`;
}

export function drawArrow(fromX: number, fromY: number, toX: number, toY: number, quiet = false): string {
  const [y1, y2] = [fromY + boxHeight / 2, toY + boxHeight / 2];
  const bend = (toX - fromX) / 2;
  const stroke = quiet ? '#b0b0b0" stroke-dasharray="4 3' : '#0f5a9c';
  return `<path d="M${fromX} ${y1}C${fromX + bend} ${y1} ${toX - bend} ${y2} ${toX} ${y2}" fill="none" stroke="${stroke}" marker-end="url(#tip)"/>`;
}

function cut(text: string, characters: number): string {
  const limit = Math.floor(characters);
  return escapeHtml(text.length > limit ? `${text.slice(0, limit - 1)}…` : text);
}
