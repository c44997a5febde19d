import { expect } from 'vitest';

import type { FileParser } from '#agents/file/file-record.ts';

/** Records as `name=value` texts, bad ones as `line:column word`, the same however the text is cut into pieces. */
export function readRecords(parser: () => FileParser, text: string): string[] {
  const inPieces = (size: number): string[] => {
    const one = parser();
    const items = [];
    for (let at = 0; at < text.length; at += size) items.push(...one.push(text.slice(at, at + size)));
    items.push(...one.end());
    return items.map((item) => {
      if (item.kind === 'bad') return `${item.place.line}:${item.place.column} ${item.word}`;
      const values = [...item.values].map(([name, value]) => `${name}=${value.join('|')}`);
      const change = item.change === 'content' ? [] : [item.change];
      return [...change, ...(item.dn === undefined ? [] : [`<${item.dn}>`]), ...values].join(' ');
    });
  };
  const whole = inPieces(text.length + 1);
  for (const size of [1, 2, 3, 7, 64]) expect(inPieces(size)).toEqual(whole);
  return whole;
}
