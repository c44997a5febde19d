import { readXml } from '#exchange/xml/read-xml.ts';
import { isElement, type XmlNode } from '#exchange/xml/xml-document.ts';

/** Canonical form (Canonical XML 1.0) as far as exports need it: attributes sorted, everything else as it stands. */
export function canonicalXml(bytes: Uint8Array): string {
  const write = (node: XmlNode): string => {
    if (typeof node === 'string') return JSON.stringify(node);
    if (!isElement(node)) return `<!--${node.comment}-->`;
    const attributes = [...node.attributes].sort(([one], [other]) => (one < other ? -1 : 1));
    return `<${node.name}${JSON.stringify(attributes)}>${node.children.map(write).join('')}</>`;
  };
  return write(readXml(bytes, 'file'));
}
