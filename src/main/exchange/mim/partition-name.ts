import { elementAt, isElement, textAt, type XmlElement } from '../xml/xml-document.ts';
import { notesServer } from './notes-server.ts';

/** What objects without names of their own lie below. */
export const defaultPartition = 'OU=default';

/** Whether a partition is called by a distinguished name, as those of directories are. */
export function isNamingContext(name: string): boolean {
  return /^[A-Za-z][\w.-]*\s*=/.test(name);
}

/** What a partition without a distinguished name is called here: files and tables have one, Notes has address books. */
export function partitionBase(data: XmlElement): string {
  const settings = elementAt(data, 'private-configuration')?.children.find(isElement);
  const base = settings?.name === 'lnma-configuration' ? notesServer(textAt(settings, 'server')).base : '';
  return base || defaultPartition;
}
