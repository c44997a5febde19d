/** One element: its attributes in the order of the file, and everything that stands in it. */
export interface XmlElement {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly XmlNode[];
  /** Line of the file; absent where the element was made here. */
  readonly line?: number;
}

/** Text is a string; a comment is kept, since a file that is written back has to be the same. */
export type XmlNode = XmlElement | string | { readonly comment: string };

export function isElement(node: XmlNode): node is XmlElement {
  return typeof node !== 'string' && 'children' in node;
}

/** The elements of a name in an element. */
export function elementsOf(element: XmlElement | undefined, name: string): readonly XmlElement[] {
  return (element?.children ?? []).filter(
    (node): node is XmlElement => isElement(node) && node.name === name,
  );
}

/** The first element down a path of names: `filter/containers`. */
export function elementAt(element: XmlElement | undefined, path: string): XmlElement | undefined {
  return path.split('/').reduce<XmlElement | undefined>((inner, name) => elementsOf(inner, name)[0], element);
}

/** The text of an element, outer white space gone; empty where there is no such element. */
export function textAt(element: XmlElement | undefined, path = ''): string {
  const found = path === '' ? element : elementAt(element, path);
  return (found?.children ?? [])
    .filter((node) => typeof node === 'string')
    .join('')
    .trim();
}

/** The same document with another text at a path; elements on the way that are missing are made at the end. */
export function withTextAt(element: XmlElement, path: string, text: string): XmlElement {
  const [name = '', ...rest] = path.split('/');
  if (path === '') return { ...element, children: text === '' ? [] : [text] };
  const found = elementsOf(element, name)[0];
  const inner = withTextAt(found ?? { name, attributes: new Map(), children: [] }, rest.join('/'), text);
  const children =
    found === undefined
      ? [...element.children, inner]
      : element.children.map((node) => (node === found ? inner : node));
  return { ...element, children };
}
