import {
  type ExportedName,
  ExportFailure,
  type ExportTarget,
  type NewObject,
  type ObjectChange,
} from '#identity/export-target.ts';
import type { Attributes } from '#identity/import-source.ts';
import { type ExportErrorWord, exportErrorWords } from '#identity/run-error.ts';
import type { ExtensionAgent, Partition } from '#shared/model/agent.ts';
import type { OptionalCredentials } from '../password-links.ts';
import { readRecordAnchor } from '../record/record-anchor.ts';
import { exportFailureOf } from './extension-failure.ts';
import { ExtensionLink } from './extension-link.ts';
import type { ExtensionExport as Change } from './extension-message.ts';

/** Milliseconds that an extension has for one object. */
const operationTimeout = 60_000;

/** The protocol's own words for what it says of one object, by the words of an export. */
const answers: Readonly<Record<string, ExportErrorWord>> = {
  'access-denied': 'permission-issue',
  'object-not-found': 'cd-missing-object',
  'object-type-unsupported': 'no-export-to-this-object-type',
  'not-implemented': 'no-export-to-this-object-type',
  'policy-violation': 'constraint-violation',
};

/** Writes objects through an extension, which stays open until the run ends. */
export class ExtensionExport implements ExportTarget {
  readonly #agent: ExtensionAgent;
  readonly #credentials: OptionalCredentials;
  #link: ExtensionLink | undefined;

  constructor(agent: ExtensionAgent, credentials: OptionalCredentials) {
    this.#agent = agent;
    this.#credentials = credentials;
  }

  add(partition: Partition, object: NewObject, signal: AbortSignal): Promise<void> {
    const { dn, objectClasses, attributes } = object;
    // An extension that has names of its own is given the name alone, and answers for its anchor at the next import.
    const anchor = readRecordAnchor(dn, partition.dn) ?? dn;
    const type = objectClasses.at(-1) ?? 'person';
    return this.#write(
      { change: 'add', object: { anchor, dn, type, attributes: writable(attributes) } },
      signal,
    );
  }

  update(_: Partition, object: ObjectChange, signal: AbortSignal): Promise<void> {
    const { dn, anchor, newDn, changes } = object;
    return this.#write(
      { change: 'update', object: { anchor, dn: newDn ?? dn, attributes: writable(changes) } },
      signal,
    );
  }

  delete(_: Partition, { dn, anchor }: ExportedName, signal: AbortSignal): Promise<void> {
    return this.#write({ change: 'delete', object: { anchor, dn, attributes: {} } }, signal);
  }

  async close(): Promise<void> {
    await this.#link?.close();
    this.#link = undefined;
  }

  async #write(change: Change, signal: AbortSignal): Promise<void> {
    const limited = AbortSignal.any([signal, AbortSignal.timeout(operationTimeout)]);
    const { name } = this.#agent;
    const what = `${name}: ${change.change} of ${change.object.anchor}`;
    try {
      this.#link ??= await this.#open(limited);
      let isDone = false;
      for await (const { ok, error, message } of this.#link.exportObjects([change], limited)) {
        isDone = true;
        if (!ok) throw new ExportFailure(wordOf(error), `${what}: ${message ?? error ?? 'refused'}`);
      }
      if (!isDone) throw new ExportFailure('cd-error', `${what}: the extension did not say how it ended`);
    } catch (error) {
      // Called off: there is nothing to say about the object.
      signal.throwIfAborted();
      throw exportFailureOf(error, what);
    }
  }

  async #open(signal: AbortSignal): Promise<ExtensionLink> {
    const { id, name, connection } = this.#agent;
    const credential = await this.#credentials(id);
    return await ExtensionLink.open({ extension: connection, agent: name, credential, signal });
  }
}

function wordOf(error: string | undefined): ExportErrorWord {
  const own = exportErrorWords.find((word) => word === error);
  return own ?? answers[error ?? ''] ?? 'cd-error';
}

function writable(attributes: Attributes): Record<string, string[]> {
  return Object.fromEntries(Object.entries(attributes).map(([name, values]) => [name, [...values]]));
}
