import { type FileHandle, open } from 'node:fs/promises';

import { type ExportedName, ExportFailure, type ExportTarget } from '#identity/export-target.ts';
import type { Attributes } from '#identity/import-source.ts';
import type { Partition } from '#shared/model/agent.ts';
import { splitDn } from '#shared/text/distinguished-name.ts';

/** What stands for itself (RFC 2849, SAFE-STRING), without a space at its end, which few readers keep. */
const safe = /^(?:[!-9;=-~](?:[ -~]*[!-~])?)?$/;

/** Writes changes to the end of an LDIF file (RFC 2849), for whatever takes them from there. */
export class LdifExport implements ExportTarget {
  readonly #path: string;
  #file: FileHandle | undefined;

  constructor(path: string) {
    this.#path = path;
  }

  add(
    _: Partition,
    object: {
      readonly dn: string;
      readonly objectClasses: readonly string[];
      readonly attributes: Attributes;
    },
    signal: AbortSignal,
  ): Promise<void> {
    const { dn, objectClasses, attributes } = object;
    const named = Object.entries({ objectClass: objectClasses, ...attributes });
    const lines = named.flatMap(([name, values]) => values.map((value) => lineOf(name, value)));
    return this.#append(dn, ['changetype: add', ...lines], signal);
  }

  async update(
    _: Partition,
    object: ExportedName & { readonly newDn: string | undefined; readonly changes: Attributes },
    signal: AbortSignal,
  ): Promise<void> {
    const { dn, newDn, changes } = object;
    const lines = Object.entries(changes).flatMap(([name, values]) => [
      `replace: ${name}`,
      ...values.map((value) => lineOf(name, value)),
      '-',
    ]);
    if (lines.length > 0) await this.#append(dn, ['changetype: modify', ...lines], signal);
    if (newDn === undefined) return;
    const { rdn, parent } = splitDn(newDn);
    const name = [lineOf('newrdn', rdn), 'deleteoldrdn: 1', lineOf('newsuperior', parent)];
    await this.#append(dn, ['changetype: modrdn', ...name], signal);
  }

  delete(_: Partition, { dn }: ExportedName, signal: AbortSignal): Promise<void> {
    return this.#append(dn, ['changetype: delete'], signal);
  }

  async close(): Promise<void> {
    await this.#file?.close();
    this.#file = undefined;
  }

  async #append(dn: string, lines: readonly string[], signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    try {
      if (this.#file === undefined) {
        this.#file = await open(this.#path, 'a', 0o600);
        if ((await this.#file.stat()).size === 0) await this.#file.appendFile('version: 1\n');
      }
      await this.#file.appendFile(`\n${[lineOf('dn', dn), ...lines].join('\n')}\n`);
      await this.#file.datasync();
    } catch (error) {
      throw new ExportFailure('cd-error', `${this.#path} cannot be written: ${wordsOf(error)}`, {
        result: 'stopped-export-write',
        cause: error,
      });
    }
  }
}

function lineOf(name: string, value: string): string {
  return safe.test(value) ? `${name}: ${value}` : `${name}:: ${Buffer.from(value).toString('base64')}`;
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
