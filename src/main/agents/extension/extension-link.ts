import type { Extension } from '#shared/model/agent-extension.ts';
import type { SecretBytes } from '#shared/secret/secret-bytes.ts';

import { ExtensionError } from './extension-error.ts';
import {
  type ExtensionExport,
  type ExtensionFeature,
  type ExtensionLine,
  type ExtensionObject,
  type ExtensionSchema,
  extensionFeatures,
  extensionObjectSchema,
  importEndSchema,
  openReplySchema,
  protocolVersion,
  schemaReplySchema,
  securityReplySchema,
  verifyReplySchema,
} from './extension-message.ts';
import { ExtensionProcess } from './extension-process.ts';

export interface OpenExtension {
  readonly extension: Extension;
  /** Name of the management agent, for the extension's own log. */
  readonly agent: string;
  /** What the extension signs in with, where the vault has it; wiped here. */
  readonly credential?: SecretBytes | undefined;
  /** Where its standard error goes. */
  readonly complaints?: 'ignore' | 'inherit';
  readonly signal: AbortSignal;
}

/** The object that a password belongs to, as an extension is told. */
export interface PasswordObject {
  readonly anchor: string;
  readonly dn: string;
  readonly type: string;
}

export type ImportLine =
  | { readonly kind: 'object'; readonly object: ExtensionObject }
  | { readonly kind: 'deleted'; readonly anchor: string }
  | { readonly kind: 'unreadable'; readonly detail: string }
  | { readonly kind: 'end'; readonly watermark: string | undefined };

export interface ExportResult {
  readonly anchor: string;
  readonly ok: boolean;
  readonly error: string | undefined;
  readonly message: string | undefined;
}

/** An open extension in the words of what it does. Every method throws `ExtensionError`. */
export class ExtensionLink {
  readonly features: ReadonlySet<ExtensionFeature>;
  /** Whether the extension vouches that passwords travel protected from it to its system. */
  readonly secure: boolean;
  readonly #process: ExtensionProcess;

  private constructor(process: ExtensionProcess, features: ReadonlySet<ExtensionFeature>, secure: boolean) {
    this.#process = process;
    this.features = features;
    this.secure = secure;
  }

  /** Starts the program, tells it its parameters, and asks what it can do and how well it is protected. */
  static async open({
    extension,
    agent,
    credential,
    complaints,
    signal,
  }: OpenExtension): Promise<ExtensionLink> {
    const limited = AbortSignal.any([signal, AbortSignal.timeout(extension.startTimeout * 1000)]);
    const process = new ExtensionProcess(extension, complaints);
    try {
      const { raw } = await process.ask({
        op: 'open',
        fields: { version: protocolVersion, agent, parameters: extension.parameters },
        secrets: credential === undefined ? [] : [{ name: 'credential', secret: credential }],
        signal: limited,
      });
      const { features } = parse(openReplySchema, raw, 'open');
      const known = new Set(extensionFeatures.filter((feature) => features.includes(feature)));
      return new ExtensionLink(process, known, await askSecurity(process, limited));
    } catch (error) {
      process.kill();
      throw error;
    } finally {
      credential?.wipe();
    }
  }

  get closed(): boolean {
    return this.#process.closed;
  }

  async setPassword(
    object: PasswordObject,
    password: SecretBytes,
    options: { readonly unlock: boolean },
    signal: AbortSignal,
  ): Promise<void> {
    this.#require('set');
    await this.#process.ask({
      op: 'set',
      fields: { object, options },
      secrets: [{ name: 'password', secret: password }],
      signal,
    });
  }

  async changePassword(
    object: PasswordObject,
    old: SecretBytes,
    next: SecretBytes,
    signal: AbortSignal,
  ): Promise<void> {
    this.#require('change');
    await this.#process.ask({
      op: 'change',
      fields: { object },
      secrets: [
        { name: 'oldPassword', secret: old },
        { name: 'password', secret: next },
      ],
      signal,
    });
  }

  async requireChange(object: PasswordObject, signal: AbortSignal): Promise<void> {
    this.#require('requireChange');
    await this.#process.ask({ op: 'requireChange', fields: { object }, signal });
  }

  async verifyPassword(object: PasswordObject, password: SecretBytes, signal: AbortSignal) {
    this.#require('verify');
    const { raw } = await this.#process.ask({
      op: 'verify',
      fields: { object },
      secrets: [{ name: 'password', secret: password }],
      signal,
    });
    return parse(verifyReplySchema, raw, 'verify');
  }

  async readSchema(signal: AbortSignal): Promise<ExtensionSchema> {
    this.#require('schema');
    return parse(schemaReplySchema, (await this.#process.ask({ op: 'schema', signal })).raw, 'schema');
  }

  /** The whole system, or what has changed since `watermark`. */
  async *importObjects(watermark: string | undefined, signal: AbortSignal): AsyncGenerator<ImportLine> {
    this.#require(watermark === undefined ? 'import' : 'delta');
    const fields = watermark === undefined ? { mode: 'full' } : { mode: 'delta', watermark };
    for await (const line of this.#process.converse({ op: 'import', fields, signal }))
      yield line.ok === true
        ? { kind: 'end', watermark: parse(importEndSchema, line.raw, 'import').watermark }
        : readImportLine(line);
  }

  /** The object as it is now; undefined where there is none. */
  async fetchObject(anchor: string, signal: AbortSignal): Promise<ExtensionObject | undefined> {
    this.#require('fetch');
    try {
      const { object } = await this.#process.ask({ op: 'fetch', fields: { anchor }, signal });
      return parse(extensionObjectSchema, object, 'fetch');
    } catch (error) {
      if (error instanceof ExtensionError && error.code === 'object-not-found') return undefined;
      throw error;
    }
  }

  /** Carries changes out and tells of each how it ended. */
  async *exportObjects(
    changes: readonly ExtensionExport[],
    signal: AbortSignal,
  ): AsyncGenerator<ExportResult> {
    this.#require('export');
    for await (const { result } of this.#process.converse({ op: 'export', fields: { changes }, signal })) {
      if (result === undefined) continue;
      const { anchor, ok, error, message } = result;
      yield { anchor, ok, error, message };
    }
  }

  /** Says goodbye, and ends the program where it does not listen. */
  async close(): Promise<void> {
    if (this.#process.closed) return this.kill();
    await this.#process.ask({ op: 'close', signal: AbortSignal.timeout(2000) }).catch(() => undefined);
    await this.#process.close();
  }

  kill(): void {
    this.#process.kill();
  }

  #require(feature: ExtensionFeature): void {
    if (!this.features.has(feature))
      throw new ExtensionError('not-implemented', `The extension does not offer "${feature}"`);
  }
}

/** One that does not know the question is not taken for protected. */
async function askSecurity(process: ExtensionProcess, signal: AbortSignal): Promise<boolean> {
  try {
    const { raw } = await process.ask({ op: 'security', signal });
    return parse(securityReplySchema, raw, 'security').level === 'secure';
  } catch (error) {
    if (error instanceof ExtensionError && error.code === 'not-implemented') return false;
    throw error;
  }
}

function readImportLine({ object, deleted }: ExtensionLine): ImportLine {
  if (deleted !== undefined) return { kind: 'deleted', anchor: deleted.anchor };
  const parsed = extensionObjectSchema.safeParse(object);
  if (parsed.success) return { kind: 'object', object: parsed.data };
  const [issue] = parsed.error.issues;
  return {
    kind: 'unreadable',
    detail: `${issue?.path.join('.') ?? 'object'}: ${issue?.message ?? 'unreadable'}`,
  };
}

function parse<T>(
  schema: { safeParse(value: unknown): { success: true; data: T } | { success: false } },
  value: unknown,
  op: string,
): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new ExtensionError('garbled', `The extension's answer to "${op}" has not the form of the protocol`);
}
