import type { ExportedName, ExportTarget, NewObject, ObjectChange } from '#identity/export-target.ts';
import type { Partition } from '#shared/model/agent.ts';
import { splitDn } from '#shared/text/distinguished-name.ts';

import { ExportFile } from './export-file.ts';
import { writeLine } from './write-line.ts';

/** Writes changes to the end of an LDIF file (RFC 2849), for whatever takes them from there. */
export class LdifExport implements ExportTarget {
  readonly #file: ExportFile;

  constructor(path: string) {
    this.#file = new ExportFile(path, 'utf-8', { header: 'version: 1\n' });
  }

  add(_: Partition, object: NewObject, signal: AbortSignal): Promise<void> {
    const { dn, objectClasses, attributes } = object;
    const named = Object.entries({ objectClass: objectClasses, ...attributes });
    const lines = named.flatMap(([name, values]) => values.map((value) => writeLine(name, value)));
    return this.#file.append(dn, recordOf(dn, ['changetype: add', ...lines]), signal);
  }

  async update(_: Partition, object: ObjectChange, signal: AbortSignal): Promise<void> {
    const { dn, newDn, changes } = object;
    const lines = Object.entries(changes).flatMap(([name, values]) => [
      `replace: ${name}`,
      ...values.map((value) => writeLine(name, value)),
      '-',
    ]);
    let text = lines.length > 0 ? recordOf(dn, ['changetype: modify', ...lines]) : '';
    if (newDn !== undefined) {
      const { rdn, parent } = splitDn(newDn);
      const name = [writeLine('newrdn', rdn), 'deleteoldrdn: 1', writeLine('newsuperior', parent)];
      text += recordOf(dn, ['changetype: modrdn', ...name]);
    }
    await this.#file.append(dn, text, signal);
  }

  delete(_: Partition, { dn }: ExportedName, signal: AbortSignal): Promise<void> {
    return this.#file.append(dn, recordOf(dn, ['changetype: delete']), signal);
  }

  close(): Promise<void> {
    return this.#file.close();
  }
}

function recordOf(dn: string, lines: readonly string[]): string {
  return `\n${[writeLine('dn', dn), ...lines].join('\n')}\n`;
}
