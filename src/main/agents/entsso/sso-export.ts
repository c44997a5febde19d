import {
  type ExportedName,
  ExportFailure,
  type ExportTarget,
  type NewObject,
  type ObjectChange,
} from '#identity/export-target.ts';
import type { RunErrorWord } from '#identity/run-error.ts';
import type { Partition } from '#shared/model/agent.ts';
import { identityAttribute } from '#shared/model/agent-entsso.ts';
import { AppError, type AppErrorCode } from '#shared/model/app-error.ts';
import { recordOf } from '#shared/text/record-name.ts';

import type { SsoServerLink } from './sso-server-link.ts';

const words: Partial<Readonly<Record<AppErrorCode, RunErrorWord>>> = {
  forbidden: 'permission-issue',
  not_found: 'cd-missing-object',
  conflict: 'cd-existing-object',
  invalid_input: 'constraint-violation',
};

/** Makes and deletes mappings: an object stands for a Windows account, each attribute for an application. */
export class SsoExport implements ExportTarget {
  readonly confirms = identityAttribute;
  readonly #link: SsoServerLink;

  constructor(link: SsoServerLink) {
    this.#link = link;
  }

  async add(_: Partition, { dn, attributes }: NewObject): Promise<void> {
    await this.#writeEach(Object.keys(attributes), async (application) => {
      await this.#create(dn, application, attributes[application]);
    });
  }

  async update(_: Partition, { dn, newDn, changes, attributes }: ObjectChange): Promise<void> {
    // Another Windows account has none of the old one's mappings yet.
    const wanted = newDn === undefined ? changes : { ...attributes, ...changes };
    const names = Object.keys(wanted);
    const write = async (application: string): Promise<void> => {
      await this.#delete(dn, application, attributes[application]);
      await this.#create(newDn ?? dn, application, wanted[application]);
    };
    await this.#writeEach(names, write, newDn === undefined);
  }

  async delete(_: Partition, { dn, attributes }: ExportedName): Promise<void> {
    const remove = (application: string) => this.#delete(dn, application, attributes[application]);
    await this.#writeEach(Object.keys(attributes), remove, false);
  }

  close(): Promise<void> {
    return this.#link.close();
  }

  /** Goes on behind an application that refuses, and tells of all of them in the end. */
  async #writeEach(
    applications: readonly string[],
    write: (application: string) => Promise<void>,
    canBePartial = true,
  ): Promise<void> {
    const failures: { readonly application: string; readonly error: AppError }[] = [];
    const tried = applications.filter((application) => application !== identityAttribute);
    for (const application of tried) {
      try {
        await write(application);
      } catch (error) {
        if (!(error instanceof AppError)) throw error;
        if (error.code === 'unavailable')
          throw new ExportFailure('failed-connection', inWords(error), {
            result: 'stopped-server-down',
            cause: error,
          });
        failures.push({ application, error });
      }
    }
    const [first] = failures;
    if (first === undefined) return;
    const notTaken = failures.map(({ application }) => application);
    throw new ExportFailure(
      words[first.error.code] ?? 'cd-error',
      failures.map(({ application, error }) => `${application}: ${inWords(error)}`).join(' | '),
      // Nothing taken at all is no object, and nobody's password goes there.
      { cause: first.error, ...(canBePartial && failures.length < tried.length ? { notTaken } : {}) },
    );
  }

  async #create(dn: string, application: string, [externalUser]: readonly string[] = []): Promise<void> {
    if (externalUser === undefined) return;
    await this.#link.createMapping({ application, windowsAccount: recordOf(dn), externalUser });
  }

  async #delete(dn: string, application: string, [externalUser]: readonly string[] = []): Promise<void> {
    if (externalUser === undefined) return;
    await this.#link.deleteMapping({ application, windowsAccount: recordOf(dn), externalUser });
  }
}

function inWords({ message, fix }: AppError): string {
  return fix === undefined ? message : `${message}. ${fix}`;
}
