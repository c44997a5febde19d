import { elementAt, elementsOf, isElement, textAt, type XmlElement } from '../xml/xml-document.ts';
import type { MappingNotes } from './mapping-note.ts';

type Fields = Record<string, unknown>;

/** Characters of a column of which nothing is told. */
const usualWidth = 32;

interface Column {
  readonly name: string;
  readonly start: number | undefined;
  readonly width: number | undefined;
}

/**
 * Columns of a fixed-width file: as its format tells them, or as the attributes follow each other, each as wide as
 * its longest value may be.
 */
export function mapFixedLayout(
  format: XmlElement | undefined,
  settings: XmlElement,
  notes: MappingNotes,
): Fields {
  const told = columnsIn(format);
  const listed = elementsOf(elementAt(settings, 'ui-data/xmlwizard/attributes'), 'attribute').map(toColumn);
  const given = (told.length > 0 ? told : listed).filter(
    ({ name }) => name !== '' && name !== 'export_password',
  );
  let next = 1;
  const columns = given.map(({ name, start = next, width = usualWidth }) => {
    next = start + width;
    return { name, start, width };
  });
  const words = columns.map(({ name, start, width }) => `${name} from ${start}, ${width} wide`).join('; ');
  if (told.length > 0 && told.every(({ width }) => width !== undefined)) notes.taken('Columns', words);
  else notes.approximated('Columns', `${words}: the export tells no widths, so check them against the file`);
  return { columns };
}

/** Every element in the format that names a column, however deep. */
function columnsIn(element: XmlElement | undefined): readonly Column[] {
  return (element?.children ?? []).filter(isElement).flatMap((inner) => {
    const column = toColumn(inner);
    return column.name === '' ? columnsIn(inner) : [column];
  });
}

function toColumn(element: XmlElement): Column {
  const text = (...names: readonly string[]): string =>
    names.map((name) => element.attributes.get(name) ?? textAt(element, name)).find((one) => one !== '') ??
    '';
  const count = (value: string): number | undefined =>
    /^\d{1,5}$/.test(value) && Number(value) >= 1 ? Number(value) : undefined;
  return {
    name: text('name', 'cd_name'),
    start: count(text('start')),
    width: count(text('width', 'length', 'size', 'upper_bound')),
  };
}
