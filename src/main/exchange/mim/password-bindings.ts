import type { PasswordSettings } from '#shared/model/password-settings.ts';

import { elementAt, isElement, textAt, type XmlElement } from '../xml/xml-document.ts';
import type { MappingNotes } from './mapping-note.ts';

/** One password setting: where it stands in an agent's file, and what its text means. */
export interface PasswordBinding {
  readonly label: string;
  readonly path: string;
  readonly key: keyof PasswordSettings;
  /** Undefined for a text that means nothing here. */
  read(text: string): boolean | number | undefined;
  write(value: boolean | number): string;
}

const flag = (label: string, path: string, key: keyof PasswordSettings, on = '1'): PasswordBinding => ({
  label,
  path,
  key,
  read: (text) => (text === '0' || text === '1' ? text === on : undefined),
  write: (value) => ((value === true) === (on === '1') ? '1' : '0'),
});

const count = (label: string, path: string, key: keyof PasswordSettings): PasswordBinding => ({
  label,
  path,
  key,
  read: (text) => (/^\d{1,9}$/.test(text) ? Number(text) : undefined),
  write: String,
});

/** What both products have, read and written back by the same line. */
export const passwordBindings: readonly PasswordBinding[] = [
  flag('Enable password management', 'password-sync-allowed', 'enabled'),
  count('Maximum retry count', 'password-sync/maximum-retry-count', 'retryCount'),
  count('Retry interval (seconds)', 'password-sync/retry-interval', 'retryInterval'),
  flag('Require secure connection', 'password-sync/allow-low-security', 'requireSecureConnection', '0'),
  flag('Unlock locked accounts', 'password-sync/unlock-account', 'unlock'),
];

/** The password settings that the file has, by their key here. */
export function readPasswordSettings(data: XmlElement): Readonly<Record<string, boolean | number | string>> {
  const operations = readOperations(data);
  return {
    ...Object.fromEntries(
      passwordBindings.flatMap(({ key, path, read }) => {
        const value = read(textAt(data, path));
        return value === undefined ? [] : [[key, value]];
      }),
    ),
    ...(operations === undefined ? {} : { operations }),
  };
}

/** Says of each password setting what it became. */
export function notePasswordSettings(data: XmlElement, notes: MappingNotes): void {
  for (const { label, path, read } of passwordBindings) {
    const text = textAt(data, path);
    const value = read(text);
    if (value !== undefined)
      notes.taken(label, typeof value === 'boolean' ? (value ? 'on' : 'off') : String(value));
    else if (text !== '') notes.kept(label, `"${text}" means nothing here`);
  }
  const operations = readOperations(data);
  if (operations !== undefined) notes.taken('Supported password operations', operations);
}

/** Set only, change only, or both: where an extension sets passwords. */
function readOperations(data: XmlElement): PasswordSettings['operations'] | undefined {
  const settings = elementAt(data, 'private-configuration')?.children.find(isElement);
  const [sets, changes] = ['password-set-enabled', 'password-change-enabled'].map(
    (name) => textAt(settings, `password-extension-config/${name}`) === '1',
  );
  if (sets === true && changes === true) return 'set-and-change';
  return sets === true ? 'set' : changes === true ? 'change' : undefined;
}
