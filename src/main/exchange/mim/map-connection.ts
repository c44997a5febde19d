import { elementAt, isElement, textAt, type XmlElement } from '../xml/xml-document.ts';
import { firstText } from './first-text.ts';
import { connectionShape, kindChoices } from './kind-choices.ts';
import { mapDatabase } from './map-database.ts';
import { mapDirectory } from './map-directory.ts';
import { mapExtension } from './map-extension.ts';
import { mapFile } from './map-file.ts';
import type { MappingNotes } from './mapping-note.ts';

type Fields = Record<string, unknown>;

/** Kind and connection of an agent; undefined where its file says nothing of what it is connected to. */
export function mapConnection(
  category: string,
  data: XmlElement,
  notes: MappingNotes,
  choice = kindChoices(category, data)[0],
): Fields | undefined {
  const settings = elementAt(data, 'private-configuration')?.children.find(isElement);
  if (settings !== undefined && isEntsso(category, settings)) return mapEntsso(settings, notes);
  const [kind = '', profile] = (choice ?? '').split(':');
  const setting = `Management agent for ${category}`;
  if (settings === undefined || category === '') {
    notes.kept(setting, 'its file names nothing that it is connected to; it is kept as it came');
    return undefined;
  }
  const shape = connectionShape(kind);
  if (shape === 'extension') return { kind, ...mapExtension(category, settings, notes) };
  notes.taken(setting, profile ?? kind);
  const map = {
    file: () => mapFile(kind, data, settings, notes),
    database: () => mapDatabase(settings, notes),
    directory: () => mapDirectory(profile, settings, notes),
  }[shape];
  return { kind, ...(profile === undefined ? {} : { profile }), ...map() };
}

/** It is an extensible agent whose extension carries the product's name. */
function isEntsso(category: string, settings: XmlElement): boolean {
  return (
    /^extensible2?$/i.test(category) &&
    ['extension-config/filename', 'password-extension-config/dll'].some((path) =>
      /EnterpriseSingleSignOn|ENTSSO/i.test(textAt(settings, path)),
    )
  );
}

function mapEntsso(settings: XmlElement, notes: MappingNotes): Fields {
  const at = (name: string): string =>
    firstText(
      settings,
      `password-extension-config/connection-info/${name}`,
      `extension-config/connection-info/${name}`,
    );
  const connectTo = at('connect-to').replace(/^[A-Za-z0-9_-]+\//, '');
  const user = at('user');
  notes.taken('Management agent for Enterprise Single Sign-On', 'entsso');
  notes.taken('Connection', `${connectTo} as ${user}`);
  const timeout = Number(firstText(settings, 'password-extension-config/timeout'));
  return {
    kind: 'entsso',
    connection: {
      connectTo,
      user,
      ...(Number.isInteger(timeout) && timeout >= 1 && timeout <= 600 ? { connectTimeout: timeout } : {}),
    },
  };
}
