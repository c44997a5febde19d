import type { SecretBytes } from '#shared/secret/secret-bytes.ts';

import { AdapterFailure, type AdapterWork } from '../client/adapter-work.ts';

/** One connection to a database server. */
export interface SqlSession {
  /** Sets the password of a role; throws as the driver does. */
  setPassword(role: string, password: SecretBytes): Promise<void>;
  probe(): Promise<void>;
  close(): Promise<void>;
}

export interface SqlSettings {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
  /** PEM file of the authority that the server's certificate comes from; the system's where absent. */
  readonly caFile?: string | undefined;
  /** A file of the server's local socket, or its folder; no TLS then. */
  readonly socketPath?: string | undefined;
  /** The adapter's own password; the caller wipes it. */
  readonly password: () => Promise<SecretBytes>;
  readonly concurrency: number;
}

export interface SqlProduct {
  readonly name: string;
  open(settings: SqlSettings): Promise<SqlSession>;
  /** What an error of the driver means. */
  explain(error: unknown): { readonly code: number; readonly message: string; readonly isTemporary: boolean };
}

/** Roles of a database server. Sessions are kept and opened again after a loss. */
export function createSqlWork(product: SqlProduct, settings: SqlSettings): AdapterWork {
  const idle: SqlSession[] = [];
  const use = async (work: (session: SqlSession) => Promise<void>): Promise<void> => {
    let session = idle.pop();
    try {
      session ??= await product.open(settings);
      await work(session);
      if (idle.length < settings.concurrency) idle.push(session);
      else await session.close();
    } catch (error) {
      // Whatever went wrong: the next change begins with a new session.
      await session?.close().catch(() => undefined);
      if (error instanceof AdapterFailure) throw error;
      const { code, message, isTemporary } = product.explain(error);
      throw new AdapterFailure(`${product.name}: ${message}`, { code, isTemporary, cause: error });
    }
  };
  return {
    software: `Carillon adapter for ${product.name}`,
    setPassword: ({ externalAccount }, password) =>
      use((session) => session.setPassword(externalAccount, password)),
    probe: () => use((session) => session.probe()),
    async close() {
      await Promise.all(idle.splice(0).map((session) => session.close()));
    },
  };
}
