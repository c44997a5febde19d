import { randomUUID } from 'node:crypto';

import type { Connector } from '#engine/join-table.ts';
import type { SetOptions } from '#engine/password-target.ts';
import type { SsoAgent } from '#shared/model/agent.ts';
import type { Verification } from '#shared/model/change.ts';
import { PasswordFailure } from '#shared/model/password-failure.ts';
import type { SecretBytes } from '#shared/secret/secret-bytes.ts';
import { recordOf } from '#shared/text/record-name.ts';

import type { OpenPasswordTarget } from '../password-target-of.ts';
import type { SsoServerLink } from './sso-server-link.ts';

/** Hands Windows passwords to a single sign-on server, which takes them on to its applications. */
export class SsoPasswordTarget implements OpenPasswordTarget {
  readonly secure = true;
  readonly #agent: SsoAgent;
  readonly #link: SsoServerLink;

  constructor(agent: SsoAgent, link: SsoServerLink) {
    this.#agent = agent;
    this.#link = link;
  }

  async setPassword(
    { dn, anchor }: Connector,
    password: SecretBytes,
    { change }: SetOptions,
    signal: AbortSignal,
  ): Promise<void> {
    const [domain = '', account = ''] = recordOf(dn).split('\\');
    const { trackingId = randomUUID(), committedAt = Date.now() } = change ?? {};
    await this.#link.hand({ trackingId, committedAt, domain, account, objectGuid: anchor }, password, signal);
  }

  changePassword(): Promise<void> {
    return Promise.reject(
      new PasswordFailure(
        'ma-feature-not-supported',
        `${this.#agent.name} hands over what was set elsewhere`,
        {
          fix: 'Change the password in Active Directory.',
        },
      ),
    );
  }

  /** The server took it; what its adapters make of it is told there, under the same tracking id. */
  verifyPassword(): Promise<Verification> {
    return Promise.resolve({
      verdict: 'not-possible',
      reason: 'single sign-on tells in its own events what became of it',
    });
  }

  probe(signal: AbortSignal): Promise<void> {
    return this.#link.probe(signal);
  }

  close(): Promise<void> {
    return this.#link.close();
  }
}
