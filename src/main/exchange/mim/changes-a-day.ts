import { textAt, type XmlElement } from '../xml/xml-document.ts';

/** Changes that a partition may send in a day; undefined where nothing limits them. */
export function changesADay(partition: XmlElement): number | undefined {
  const most = Number(textAt(partition, 'max-changes-allowed'));
  const isLimited = textAt(partition, 'max-changes-allowed-enabled') === '1';
  return isLimited && Number.isInteger(most) && most >= 1 && most <= 9999 ? most : undefined;
}
