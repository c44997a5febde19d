import { explainFailure } from '#directory/explain-failure.ts';
import { KerberosError } from '#directory/kerberos-error.ts';
import type { LdapConnection } from '#directory/ldap-connection.ts';
import { LdapError } from '#directory/ldap-error.ts';
import { LinkError } from '#directory/link-error.ts';
import { signIn } from '#directory/sign-in.ts';
import {
  type ExportedName,
  ExportFailure,
  type ExportTarget,
  type NewObject,
  type ObjectChange,
} from '#identity/export-target.ts';
import type { RunErrorWord } from '#identity/run-error.ts';
import type { DirectoryAgent, Partition } from '#shared/model/agent.ts';
import type { AgentId } from '#shared/model/change.ts';
import type { SecretBytes } from '#shared/secret/secret-bytes.ts';
import { readRdn, splitDn } from '#shared/text/distinguished-name.ts';

/** Milliseconds that the server has for one object. */
const operationTimeout = 60_000;

/** LDAP result codes (RFC 4511 appendix A) by the export error words of Identity Manager. */
const words: Readonly<Record<number, RunErrorWord>> = {
  16: 'schema-violation',
  17: 'schema-violation',
  19: 'constraint-violation',
  20: 'constraint-violation',
  21: 'syntax-violation',
  32: 'cd-missing-object',
  34: 'invalid-dn',
  50: 'permission-issue',
  64: 'invalid-dn',
  65: 'schema-violation',
  67: 'invalid-dn',
  68: 'cd-existing-object',
  69: 'schema-violation',
};
/** Codes after which the next object would fare no better: busy, unavailable. */
const endings = new Set([51, 52]);

export interface DirectoryExportParts {
  readonly agent: DirectoryAgent;
  readonly credentials: (agent: AgentId) => Promise<SecretBytes>;
}

/** Writes objects and their attributes over LDAP; signs in at the first and stays signed in until closed. */
export class DirectoryExport implements ExportTarget {
  readonly #parts: DirectoryExportParts;
  #connection: LdapConnection | undefined;

  constructor(parts: DirectoryExportParts) {
    this.#parts = parts;
  }

  add(_: Partition, { dn, objectClasses, attributes }: NewObject, signal: AbortSignal): Promise<void> {
    const entry = { ...attributes, objectClass: objectClasses };
    return this.#write(signal, `Making ${dn}`, 'add', async (connection, options) => {
      await connection.add(dn, entry, options);
    });
  }

  update(_: Partition, { dn, newDn, changes }: ObjectChange, signal: AbortSignal): Promise<void> {
    const replacements = Object.entries(changes).map(
      ([attribute, values]) => ({ operation: 'replace', attribute, values }) as const,
    );
    return this.#write(signal, `Writing ${dn}`, 'update', async (connection, options) => {
      if (newDn === undefined) {
        await connection.modify(dn, replacements, options);
        return;
      }
      const { rdn, parent } = splitDn(newDn);
      // The value that names an entry is changed by its new name alone.
      const brought = new Map(readRdn(rdn).map(({ type, value }) => [type, value]));
      const naming = new Set([...brought.keys(), ...readRdn(splitDn(dn).rdn).map(({ type }) => type)]);
      const isNaming = ({ attribute }: { readonly attribute: string }) => naming.has(attribute.toLowerCase());
      const before = replacements.filter((replacement) => !isNaming(replacement));
      const after = replacements
        .filter(isNaming)
        .filter(
          ({ attribute, values }) =>
            values.length !== 1 || values[0] !== brought.get(attribute.toLowerCase()),
        );
      if (before.length > 0) await connection.modify(dn, before, options);
      await connection.rename(dn, rdn, parent, options);
      if (after.length > 0) await connection.modify(newDn, after, options);
    });
  }

  delete(_: Partition, { dn }: ExportedName, signal: AbortSignal): Promise<void> {
    return this.#write(signal, `Deleting ${dn}`, 'delete', async (connection, options) => {
      await connection.delete(dn, options);
    });
  }

  async close(): Promise<void> {
    await this.#connection?.close();
    this.#connection = undefined;
  }

  async #write(
    signal: AbortSignal,
    what: string,
    operation: 'add' | 'update' | 'delete',
    work: (
      connection: LdapConnection,
      options: { readonly signal: AbortSignal; readonly timeout: number },
    ) => Promise<void>,
  ): Promise<void> {
    const { agent, credentials } = this.#parts;
    try {
      this.#connection ??= await signIn(agent.connection, {
        password: () => credentials(agent.id),
        signal,
      });
    } catch (error) {
      throw exportFailureOf(error, 'sign-in', `Signing in to ${agent.name}`, operation);
    }
    try {
      await work(this.#connection, { signal, timeout: operationTimeout });
    } catch (error) {
      throw exportFailureOf(error, 'request', what, operation);
    }
  }
}

/** Turns what the LDAP client throws into the export error that it means; other errors pass unchanged. */
function exportFailureOf(
  error: unknown,
  phase: 'sign-in' | 'request',
  during: string,
  operation: 'add' | 'update' | 'delete',
): unknown {
  const isKnown = error instanceof LdapError || error instanceof LinkError || error instanceof KerberosError;
  if (!isKnown || (error instanceof LinkError && error.kind === 'aborted')) return error;
  const message = `${during}: ${explainFailure(error, phase).cause} | ${error.message}`;
  if (phase === 'sign-in')
    return new ExportFailure('failed-connection', message, {
      result: error instanceof LinkError ? 'no-start-connection' : 'no-start-credentials',
      cause: error,
    });
  if (!(error instanceof LdapError))
    return new ExportFailure('dropped-connection', message, { result: 'stopped-connectivity', cause: error });
  if (endings.has(error.code))
    return new ExportFailure('failed-connection', message, { result: 'stopped-server-down', cause: error });
  // No such object, for one that is to be made, means the container above it.
  const word = error.code === 32 && operation === 'add' ? 'non-existent-parent' : words[error.code];
  return new ExportFailure(word ?? 'cd-error', message, { cause: error });
}
