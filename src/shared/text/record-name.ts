import { escapeNamePart } from './distinguished-name.ts';

/** The distinguished name of an object that has none of its own. */
export function nameRecord(name: string, partition: string): string {
  return `CN=${escapeNamePart(name)},${partition}`;
}

/** What `nameRecord` made a distinguished name of. */
export function recordOf(dn: string): string {
  const [, name = ''] = /^CN=((?:\\.|[^\\,])*)/s.exec(dn) ?? [];
  return name.replaceAll(/\\(.)/gs, '$1');
}
