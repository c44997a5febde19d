import type { ExportedName, ExportTarget, NewObject, ObjectChange } from '#identity/export-target.ts';
import type { Attributes } from '#identity/import-source.ts';
import type { Partition } from '#shared/model/agent.ts';
import { splitDn } from '#shared/text/distinguished-name.ts';

import { ExportFile } from './export-file.ts';

const header = `<?xml version="1.0" encoding="UTF-8"?>
<batchRequest xmlns="urn:oasis:names:tc:DSML:2:0:core" xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
`;
const footer = '</batchRequest>\n';

/** What XML 1.0 has no way to write, and what readers take for the space around a value. */
const unwritable =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  /[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]|^\s|\s$|[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/;

/** Writes changes to the end of a batch of DSML 2.0, which is whole after each of them. */
export class DsmlExport implements ExportTarget {
  readonly #file: ExportFile;

  constructor(path: string) {
    this.#file = new ExportFile(path, 'utf-8', { header, footer });
  }

  add(_: Partition, object: NewObject, signal: AbortSignal): Promise<void> {
    const { dn, objectClasses, attributes } = object;
    const inside = elementsOf({ objectClass: objectClasses, ...attributes }, (name, values) =>
      element('attr', { name }, values),
    );
    return this.#file.append(dn, element('addRequest', { dn }, inside), signal);
  }

  async update(_: Partition, object: ObjectChange, signal: AbortSignal): Promise<void> {
    const { dn, newDn, changes } = object;
    const inside = elementsOf(changes, (name, values) =>
      element('modification', { name, operation: 'replace' }, values),
    );
    let text = inside === '' ? '' : element('modifyRequest', { dn }, inside);
    if (newDn !== undefined) {
      const { rdn, parent } = splitDn(newDn);
      text += element('modDNRequest', { dn, newrdn: rdn, deleteoldrdn: 'true', newSuperior: parent });
    }
    await this.#file.append(dn, text, signal);
  }

  delete(_: Partition, { dn }: ExportedName, signal: AbortSignal): Promise<void> {
    return this.#file.append(dn, element('delRequest', { dn }), signal);
  }

  close(): Promise<void> {
    return this.#file.close();
  }
}

function elementsOf(attributes: Attributes, make: (name: string, values: string) => string): string {
  return Object.entries(attributes)
    .map(([name, values]) => make(name, values.map(valueElement).join('')))
    .join('');
}

function valueElement(value: string): string {
  if (unwritable.test(value))
    return `<value xsi:type="xsd:base64Binary">${Buffer.from(value).toString('base64')}</value>`;
  return `<value>${escapeXml(value)}</value>`;
}

function element(name: string, attributes: Readonly<Record<string, string>>, inside = ''): string {
  const written = Object.entries(attributes).map(([key, value]) => ` ${key}="${escapeXml(value)}"`);
  const start = `<${name}${written.join('')}`;
  return inside === '' ? `${start}/>\n` : `${start}>${inside}</${name}>\n`;
}

/** Line ends and tabs by their numbers: a reader would make spaces of them. */
function escapeXml(text: string): string {
  return text.replace(/[&<>"\t\n\r]/g, (character) => `&#${character.charCodeAt(0)};`);
}
