import type { Connector } from '#engine/join-table.ts';
import type { SetOptions } from '#engine/password-target.ts';
import type { Agent } from '#shared/model/agent.ts';
import type { Extension } from '#shared/model/agent-extension.ts';
import type { Verification } from '#shared/model/change.ts';
import { PasswordFailure } from '#shared/model/password-failure.ts';
import type { SecretBytes } from '#shared/secret/secret-bytes.ts';
import { type OptionalCredentials, PasswordLinks } from '../password-links.ts';
import { ExtensionError } from './extension-error.ts';
import { passwordFailureOf } from './extension-failure.ts';
import { ExtensionLink, type PasswordObject } from './extension-link.ts';

/** Passwords by an out-of-process extension: for files, for databases, and for whatever else one writes it for. */
export class ExtensionPasswordTarget {
  /** The pipe to the extension is; what lies behind it is asked for at each attempt. */
  readonly secure = true;
  readonly #agent: Agent;
  readonly #links: PasswordLinks<ExtensionLink>;

  constructor(agent: Agent, extension: Extension, credentials: OptionalCredentials) {
    this.#agent = agent;
    this.#links = new PasswordLinks({
      agent,
      credentials,
      open: (credential, signal) => ExtensionLink.open({ extension, agent: agent.name, credential, signal }),
      refuse: (reason, message) => new ExtensionError(reason, message),
      explain: passwordFailureOf,
    });
  }

  setPassword(
    connector: Connector,
    password: SecretBytes,
    { unlock, mustChange }: SetOptions,
    signal: AbortSignal,
  ): Promise<void> {
    return this.#write(signal, async (link) => {
      if (unlock) requireOption(link, 'unlock', 'Unlock locked accounts when resetting passwords');
      if (mustChange) requireOption(link, 'requireChange', 'must change');
      const object = objectOf(connector);
      await link.setPassword(object, password, { unlock }, signal);
      if (mustChange) await afterwards(() => link.requireChange(object, signal));
    });
  }

  changePassword(
    connector: Connector,
    old: SecretBytes,
    next: SecretBytes,
    signal: AbortSignal,
  ): Promise<void> {
    return this.#write(signal, (link) => link.changePassword(objectOf(connector), old, next, signal));
  }

  async verifyPassword(
    connector: Connector,
    password: SecretBytes,
    signal: AbortSignal,
  ): Promise<Verification> {
    return await this.#links.use(signal, async (link) => {
      if (!link.features.has('verify'))
        return { verdict: 'not-possible', reason: 'The extension offers no proof' };
      const { verdict, reason } = await link.verifyPassword(objectOf(connector), password, signal);
      return verdict === 'not-possible' ? { verdict, reason } : { verdict };
    });
  }

  async probe(signal: AbortSignal): Promise<void> {
    await this.#links.use(signal, async () => undefined);
  }

  close(): Promise<void> {
    return this.#links.close();
  }

  #write(signal: AbortSignal, work: (link: ExtensionLink) => Promise<void>): Promise<void> {
    return this.#links.use(signal, (link) => {
      if (this.#agent.password.requireSecureConnection && !link.secure)
        throw new PasswordFailure(
          'ma-encryption-not-enabled',
          `The extension of ${this.#agent.name} does not vouch for a protected connection`,
          {
            fix: 'Let it answer "security" with "secure", or clear "requireSecureConnection" in "password".',
          },
        );
      return work(link);
    });
  }
}

function objectOf({ anchor, dn, objectType }: Connector): PasswordObject {
  return { anchor, dn, type: objectType };
}

function requireOption(
  { features }: ExtensionLink,
  feature: 'unlock' | 'requireChange',
  setting: string,
): void {
  if (features.has(feature)) return;
  throw new PasswordFailure('ma-feature-not-supported', `The extension does not offer "${feature}"`, {
    fix: `Switch "${setting}" off for this agent.`,
  });
}

/** The password is set by now, and that must not be forgotten. */
async function afterwards(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof ExtensionError)) throw error;
    throw new ExtensionError(
      error.code,
      `The password was set, but not that it must change: ${error.message}`,
      {
        sent: true,
        cause: error,
      },
    );
  }
}
