import { AppError } from '#shared/model/app-error.ts';

import { readXml } from '../xml/read-xml.ts';
import { elementAt, textAt, type XmlElement } from '../xml/xml-document.ts';

/** The export of an Identity Manager server: `MV.xml` and one `MA-{GUID}.xml` an agent. */
export interface MimServer {
  /** Every file by its name, as it was read. */
  readonly documents: ReadonlyMap<string, XmlElement>;
  /** `mv-data`; undefined where only agents were exported. */
  readonly metaverse: XmlElement | undefined;
  readonly agents: readonly MimAgent[];
}

export interface MimAgent {
  readonly file: string;
  /** GUID in lower case without braces. */
  readonly id: string;
  readonly name: string;
  /** `AD`, `ADAM`, `MSSQL`, `FIM` and so on. */
  readonly category: string;
  /** `ma-data`. */
  readonly data: XmlElement;
}

const roots = { 'saved-mv-configuration': 'mv-data', 'saved-ma-configuration': 'ma-data' } as const;

/** Reads an export's files. Throws `AppError` `invalid_input` for a file that is none of it. */
export function readMimServer(files: ReadonlyMap<string, Uint8Array>): MimServer {
  const documents = new Map<string, XmlElement>();
  const agents: MimAgent[] = [];
  let metaverse: XmlElement | undefined;
  for (const [file, bytes] of files) {
    const root = readXml(bytes, file);
    const kind = Object.hasOwn(roots, root.name) ? roots[root.name as keyof typeof roots] : undefined;
    const data = kind && elementAt(root, kind);
    if (data === undefined)
      throw new AppError('invalid_input', `${file} is no part of a server export: its root is ${root.name}`, {
        fix: 'Use the folder that Export Server Configuration wrote, with nothing else in it.',
      });
    const version = textAt(data, 'format-version');
    if (version !== '1')
      throw new AppError('invalid_input', `${file} has the format version "${version}"`, {
        fix: 'Only version 1 is known: MIIS 2003 to MIM 2016.',
      });
    documents.set(file, root);
    if (kind === 'mv-data') {
      if (metaverse !== undefined)
        throw new AppError('invalid_input', `${file} is a second metaverse in one export`);
      metaverse = data;
    } else agents.push(readAgent(file, data));
  }
  const doubles = agents.filter(({ id }, index) => agents.findIndex((other) => other.id === id) !== index);
  if (doubles[0] !== undefined)
    throw new AppError('invalid_input', `${doubles[0].file} holds an agent that another file holds, too`);
  if (documents.size === 0)
    throw new AppError('not_found', 'There is no file of a server export', {
      fix: 'Name the folder with MV.xml and the MA-{GUID}.xml files.',
    });
  return { documents, metaverse, agents };
}

function readAgent(file: string, data: XmlElement): MimAgent {
  const id = bareGuid(textAt(data, 'id'));
  const name = textAt(data, 'name');
  if (!/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id) || name === '')
    throw new AppError('invalid_input', `${file} names no agent: a GUID and a name are needed`);
  return { file, id, name, category: textAt(data, 'category'), data };
}

/** `{0C33...}` as `0c33...`. */
export function bareGuid(text: string): string {
  return text.replaceAll(/[{}]/g, '').toLowerCase();
}
