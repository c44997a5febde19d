import { textAt, type XmlElement } from '../xml/xml-document.ts';

/** Names differ from product to product; the first that has a text counts. Empty where none has. */
export function firstText(settings: XmlElement | undefined, ...names: readonly string[]): string {
  for (const name of names) {
    const text = textAt(settings, name);
    if (text !== '') return text;
  }
  return '';
}
