import type { LdapConnection } from '#directory/ldap-connection.ts';
import { signIn } from '#directory/sign-in.ts';
import type { Agent, DirectoryAgent } from '#shared/model/agent.ts';
import type { SecretBytes } from '#shared/secret/secret-bytes.ts';

export type ReadCredential = (agent: Agent['id']) => Promise<SecretBytes>;

/** One signed-in connection of an agent, opened when it is needed and again after a loss. */
export class DirectoryLink {
  readonly #agent: DirectoryAgent;
  readonly #credential: ReadCredential;
  #connection: Promise<LdapConnection> | undefined;

  constructor(agent: DirectoryAgent, credential: ReadCredential) {
    this.#agent = agent;
    this.#credential = credential;
  }

  async open(): Promise<LdapConnection> {
    const known = await this.#connection?.catch(() => undefined);
    if (known !== undefined && !known.closed) return known;
    this.#connection = signIn(this.#agent.connection, { password: () => this.#credential(this.#agent.id) });
    return await this.#connection;
  }

  async close(): Promise<void> {
    const known = await this.#connection?.catch(() => undefined);
    await known?.close();
  }
}
