import { ImportFailure } from '#identity/import-failure.ts';
import type { ConnectionStep, ImportedObject, ImportPage, ImportSource } from '#identity/import-source.ts';
import type { SsoAgent } from '#shared/model/agent.ts';
import { PasswordFailure } from '#shared/model/password-failure.ts';

import { testSteps } from '../test-steps.ts';
import type { ConnectSso } from './sso-server-link.ts';

/** The reading half of an agent that is only written: it says so, and tests the way to its server. */
export class SsoSource implements ImportSource {
  readonly #agent: SsoAgent;
  readonly #connect: ConnectSso | undefined;

  constructor(agent: SsoAgent, connect: ConnectSso | undefined) {
    this.#agent = agent;
    this.#connect = connect;
  }

  fullImport(): AsyncIterable<ImportPage> {
    throw this.#neverImports();
  }

  deltaImport(): AsyncIterable<ImportPage> {
    throw this.#neverImports();
  }

  fetchObject(): Promise<ImportedObject | undefined> {
    return Promise.resolve(undefined);
  }

  testConnection(signal: AbortSignal): Promise<readonly ConnectionStep[]> {
    const { connectTo, user } = this.#agent.connection;
    return testSteps(
      async (attempt) => {
        await attempt('bind', async () => {
          const link = this.#connect?.(this.#agent);
          try {
            await link?.probe(signal);
            return `ENTSSO/${connectTo} took ${user} as its own service account`;
          } finally {
            await link?.close();
          }
        });
      },
      (error) =>
        error instanceof PasswordFailure
          ? new ImportFailure('no-start-connection', 'failed-connection', error.message, {
              ...(error.fix !== undefined && { fix: error.fix }),
              cause: error,
            })
          : error,
    );
  }

  #neverImports(): ImportFailure {
    return new ImportFailure(
      'no-start-ma',
      'failed-search',
      `"${this.#agent.name}" is export-only: what it wrote needs no import to be known`,
      { fix: 'Take the import step out of the run profile.' },
    );
  }
}
