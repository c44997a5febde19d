import { isElement, type XmlElement, type XmlNode } from './xml-document.ts';

/** Writes an element and everything in it, as it was read: equal to the file in canonical form. */
export function writeXml(element: XmlElement): string {
  const parts: string[] = [];
  write(element, parts);
  return `${parts.join('')}\n`;
}

function write(node: XmlNode, parts: string[]): void {
  if (typeof node === 'string') {
    parts.push(escapeText(node));
    return;
  }
  if (!isElement(node)) {
    parts.push('<!--', node.comment, '-->');
    return;
  }
  parts.push('<', node.name);
  for (const [name, value] of node.attributes) parts.push(' ', name, '="', escapeAttribute(value), '"');
  if (node.children.length === 0) {
    parts.push('/>');
    return;
  }
  parts.push('>');
  for (const child of node.children) write(child, parts);
  parts.push('</', node.name, '>');
}

function escapeText(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('\r', '&#xD;');
}

/** White space in attributes is normalized by readers unless it is written as characters (XML 1.0 3.3.3). */
function escapeAttribute(value: string): string {
  return value
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('"', '&quot;')
    .replaceAll('\t', '&#x9;')
    .replaceAll('\n', '&#xA;')
    .replaceAll('\r', '&#xD;');
}
