import { elementAt, elementsOf, textAt, type XmlElement } from '../xml/xml-document.ts';
import { firstText } from './first-text.ts';
import type { MappingNotes } from './mapping-note.ts';
import { extensionOf } from './password-extension.ts';

type Fields = Record<string, unknown>;

/** Server, table, columns and password extension of an agent for a database. */
export function mapDatabase(settings: XmlElement, notes: MappingNotes): Fields {
  const info = elementAt(settings, 'connection-info');
  const special = elementAt(settings, 'mms-info');
  const anchor = elementsOf(elementAt(special, 'anchor'), 'attribute').map((one) => textAt(one));
  const host = firstText(info, 'server', 'datasource');
  const database = firstText(info, 'databasename', 'datasource');
  notes.taken('Connection', `${host}, database ${database}, table ${textAt(info, 'tablename')}`);
  if (textAt(info, 'authentication') === 'integrated')
    notes.approximated(
      'Windows authentication',
      'the agent signs in with a name and a password of the database',
    );
  const typeColumn = textAt(special, 'object-type-info/object-type-column');
  const objectType = textAt(special, 'object-type');
  if (typeColumn !== '') notes.taken('Object type', `in the column ${typeColumn}`);
  else if (objectType !== '') notes.taken('Object type', objectType);
  const extension = extensionOf(settings, notes);
  return {
    connection: { host, database, user: textAt(info, 'user') },
    table: textAt(info, 'tablename'),
    anchor,
    ...(typeColumn === '' ? {} : { objectTypeColumn: typeColumn }),
    ...(objectType === '' ? {} : { objectType }),
    ...mapDelta(info, special, notes),
    ...mapMultivalue(info, special, notes),
    ...(extension === undefined ? {} : { passwordMethod: { method: 'extension', extension } }),
  };
}

function mapDelta(
  info: XmlElement | undefined,
  special: XmlElement | undefined,
  notes: MappingNotes,
): Fields {
  const view = textAt(info, 'delta-tablename');
  const changeColumn = textAt(special, 'delta-info/change-column');
  if (view === '') return {};
  if (changeColumn === '') {
    notes.kept('Delta view', `${view}: it names no column with the type of change`);
    return {};
  }
  const words = ['add', 'update', 'delete'].map((name) => textAt(special, `delta-info/${name}`));
  const own = words.join(', ').toLowerCase() === 'add, modify, delete';
  if (own) notes.taken('Delta view', `${view} with ${changeColumn}`);
  else
    notes.approximated(
      'Delta view',
      `${view}: write Add, Modify and Delete in ${changeColumn} in place of ${words.join(', ')}`,
    );
  if (textAt(special, 'delta-info/attribute-column') !== '')
    notes.kept('Attribute-level change type', 'a changed row is read whole');
  return { delta: { by: 'view', view, changeColumn } };
}

function mapMultivalue(
  info: XmlElement | undefined,
  special: XmlElement | undefined,
  notes: MappingNotes,
): Fields {
  const table = textAt(info, 'multivalued-tablename');
  if (table === '') return {};
  const attributeColumn = textAt(special, 'multivalued-info/attribute-column');
  const columns = [
    'string-column',
    'long-string-column',
    'numeric-column',
    'binary-column',
    'long-binary-column',
  ]
    .map((name) => textAt(special, `multivalued-info/${name}`))
    .filter((name) => name !== '');
  const [valueColumn, ...others] = columns;
  if (attributeColumn === '' || valueColumn === undefined) {
    notes.kept('Multivalue table', `${table}: it names no columns`);
    return {};
  }
  if (others.length === 0) notes.taken('Multivalue table', `${table}: ${attributeColumn}, ${valueColumn}`);
  else
    notes.approximated(
      'Multivalue table',
      `${table}: values of ${valueColumn} alone, without ${others.join(', ')}`,
    );
  return { multivalue: { table, attributeColumn, valueColumn } };
}
