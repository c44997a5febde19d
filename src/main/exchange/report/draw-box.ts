import { escapeHtml } from './escape-html.ts';

export interface Box {
  readonly title: string;
  /** At most two lines are drawn; an empty one takes no place. */
  readonly lines: readonly string[];
  /** Drawn dashed: it takes no part now. */
  readonly quiet?: boolean;
}

export const boxWidth = 262;
const boxHeight = 60;
/** From one box to the one below it. */
export const step = 74;

export function drawBox(x: number, y: number, boxWide: number, { title, lines, quiet }: Box): string {
  const given = lines.filter((line) => line !== '').slice(0, 2);
  // One line less, and the others stand in the middle.
  const first = y + 18 + (2 - given.length) * 8;
  const text = given
    .map(
      (line, index) =>
        `<text x="${x + 12}" y="${first + 17 + index * 15}" class="small">${cut(line, boxWide / 6.7)}</text>`,
    )
    .join('');
  const whole = escapeHtml([title, ...lines].filter((line) => line !== '').join('\n'));
  return `<g><title>${whole}</title><rect x="${x}" y="${y}" width="${boxWide}" height="${boxHeight}" rx="6" class="${quiet === true ? 'box quiet' : 'box'}"/><text x="${x + 12}" y="${first}" class="name">${cut(title, boxWide / 8.4)}</text>${text}</g>`;
}

export function drawArrow(fromX: number, fromY: number, toX: number, toY: number, quiet = false): string {
  const [y1, y2] = [fromY + boxHeight / 2, toY + boxHeight / 2];
  const bend = (toX - fromX) / 2;
  const tip = quiet ? 'quiet-tip' : 'tip';
  return `<path d="M${fromX} ${y1}C${fromX + bend} ${y1} ${toX - bend} ${y2} ${toX} ${y2}" class="${quiet ? 'way quiet' : 'way'}" marker-end="url(#${tip})"/>`;
}

function cut(text: string, characters: number): string {
  const limit = Math.floor(characters);
  return escapeHtml(text.length > limit ? `${text.slice(0, limit - 1)}…` : text);
}
