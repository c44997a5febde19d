import { textAt, type XmlElement } from '../xml/xml-document.ts';
import { firstText } from './first-text.ts';
import type { MappingNotes } from './mapping-note.ts';

/** A name for the program that takes an assembly's place: one that no system has by chance. */
export function placeholderOf(assembly: string): string {
  const name = assembly.replace(/^.*[\\/]/, '').replace(/\.(?:dll|exe)$/i, '');
  return name.replaceAll(/[^\w.-]+/g, '-').toLowerCase();
}

/**
 * The extension that sets passwords for a file or a database; undefined where none is switched on. The program that
 * takes its place is told the same server and user.
 */
export function extensionOf(settings: XmlElement, notes: MappingNotes): Record<string, unknown> | undefined {
  const at = (name: string): string => textAt(settings, `password-extension-config/${name}`);
  const assembly = at('dll');
  if (assembly === '') return undefined;
  if (at('password-extension-enabled') !== '1') {
    notes.kept('Password extension', `${assembly} is switched off there`);
    return undefined;
  }
  const command = placeholderOf(assembly);
  const parameters = Object.fromEntries(
    ['connect-to', 'user'].flatMap((name) => {
      const value = firstText(settings, `password-extension-config/connection-info/${name}`);
      return value === '' ? [] : [[name, value]];
    }),
  );
  notes.approximated(
    'Password extension',
    `${assembly} cannot run here: a program of your own takes its place, ${command} until you name another`,
  );
  for (const [name, value] of Object.entries(parameters)) notes.taken(`Password extension: ${name}`, value);
  return { command, parameters };
}
