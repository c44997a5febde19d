import { elementAt, elementsOf, textAt, type XmlElement } from '../xml/xml-document.ts';
import { mapFixedLayout } from './map-fixed-layout.ts';
import type { MappingNotes } from './mapping-note.ts';
import { extensionOf } from './password-extension.ts';

type Fields = Record<string, unknown>;

/** Encodings by the code page of Windows. */
const encodings: Readonly<Record<string, string>> = {
  '65001': 'utf-8',
  '20127': 'utf-8',
  '1200': 'utf-16le',
  '1201': 'utf-16be',
  '1252': 'windows-1252',
  '28591': 'iso-8859-1',
};
const formats: Readonly<Record<string, string>> = {
  delimited: 'delimited_format',
  'fixed-width': 'fixed_width_format',
  'attribute-value': 'attribute_value_pair_format',
  ldif: 'ldif_format',
  dsml: 'dsml_format',
};

/** File, layout and anchor of an agent for files. The export names the file in its run profiles alone. */
export function mapFile(kind: string, data: XmlElement, settings: XmlElement, notes: MappingNotes): Fields {
  const format = elementAt(settings, formats[kind] ?? '');
  const page = textAt(format, 'code_page');
  const encoding = encodings[page];
  if (encoding !== undefined) notes.taken('Code page', encoding);
  else if (page !== '') notes.kept('Code page', `${page}: write the file in UTF-8`);
  const path = inputFile(data);
  if (path === undefined) notes.kept('Input file', 'no run profile names it: enter where the file lies');
  else notes.approximated('Input file', `${path}: enter the whole path`);
  const connection = { path: path ?? 'input.txt', ...(encoding === undefined ? {} : { encoding }) };
  const importing = elementAt(settings, 'importing');
  const named = elementsOf(elementAt(importing, 'anchor'), 'attribute').map((one) => textAt(one));
  const byName = elementsOf(elementAt(importing, 'dn'), 'attribute').map((one) => textAt(one));
  // Each object type names its own there, as a rule the same.
  const anchor = [...new Set(named.length > 0 ? named : byName)];
  const extension = extensionOf(settings, notes);
  const passwords = extension === undefined ? {} : { passwordExtension: extension };
  if (anchor.length > 0) notes.taken('Anchor', anchor.join(' + '));
  if (kind === 'ldif' || kind === 'dsml')
    return { connection, ...passwords, ...(named[0] === undefined ? {} : { anchorAttribute: named[0] }) };
  const typeColumn = textAt(importing, 'object_class_attribute');
  const objectType = textAt(importing, 'default_object_class');
  if (typeColumn !== '' || objectType !== '')
    notes.taken('Object type', typeColumn === '' ? objectType : `in ${typeColumn}`);
  if (textAt(settings, 'change_type_attribute') !== '')
    notes.kept('Change type attribute', 'a delta of a file is found by comparing it with the last one');
  return {
    connection,
    ...passwords,
    anchor,
    ...(typeColumn === '' ? {} : { objectTypeColumn: typeColumn }),
    ...(objectType === '' ? {} : { objectType }),
    ...(kind === 'delimited' ? { layout: mapLayout(format, notes) } : {}),
    ...(kind === 'fixed-width' ? { layout: mapFixedLayout(format, settings, notes) } : {}),
  };
}

/** The delimiter stands there as the number of its character. */
function mapLayout(format: XmlElement | undefined, notes: MappingNotes): Fields {
  const text = textAt(format, 'delimiter');
  const delimiter = /^\d{1,5}$/.test(text) ? String.fromCharCode(Number(text)) : text;
  if (delimiter.length === 1) notes.taken('Delimiter', delimiter === '\t' ? 'tabulator' : delimiter);
  notes.approximated('Column names', 'they are read from the first line of the file');
  return delimiter.length === 1 ? { delimiter } : {};
}

function inputFile(data: XmlElement): string | undefined {
  const steps = elementsOf(elementAt(data, 'ma-run-data'), 'run-configuration').flatMap((profile) =>
    elementsOf(elementAt(profile, 'configuration'), 'step'),
  );
  return steps
    .map((step) => textAt(step, 'custom-data/run-config/input-file') || textAt(step, 'input-file'))
    .find((name) => name !== '');
}
