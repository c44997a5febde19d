import type { Agent } from '#shared/model/agent.ts';
import { domainOf } from '#shared/model/domain-of.ts';

import { DirectoryLink, type ReadCredential } from '../directory-link.ts';
import type { Domain } from './domain-directory.ts';

interface OpenDomains {
  /** As they were last seen, and what they say: every change of the configuration makes new ones. */
  agents: readonly Agent[];
  readonly text: string;
  readonly domains: readonly Domain[];
  readonly links: readonly DirectoryLink[];
}

/** The domains that Active Directory agents are connected to, opened anew when the agents change. */
export class Domains {
  readonly #agents: () => readonly Agent[];
  readonly #credential: ReadCredential;
  #open: OpenDomains | undefined;

  constructor(agents: () => readonly Agent[], credential: ReadCredential) {
    this.#agents = agents;
    this.#credential = credential;
  }

  get all(): readonly Domain[] {
    const agents = this.#agents();
    if (this.#open?.agents === agents) return this.#open.domains;
    const text = JSON.stringify(agents.filter(isDirectory));
    // Another change of the configuration must not cut off who is asking the directory just now.
    if (this.#open?.text === text) {
      this.#open.agents = agents;
      return this.#open.domains;
    }
    void this.close();
    this.#open = this.#openAll(agents, text);
    return this.#open.domains;
  }

  async close(): Promise<void> {
    const links = this.#open?.links ?? [];
    this.#open = undefined;
    await Promise.all(links.map((link) => link.close()));
  }

  #openAll(agents: readonly Agent[], text: string): OpenDomains {
    const links: DirectoryLink[] = [];
    const domains: Domain[] = [];
    for (const agent of agents.filter(isDirectory)) {
      const link = new DirectoryLink(agent, this.#credential);
      links.push(link);
      for (const { dn, passwordSource } of agent.partitions)
        domains.push({
          agent: agent.id,
          name: domainOf({ dn, passwordSource }),
          dn,
          connect: () => link.open(),
        });
    }
    return { agents, text, domains, links };
  }
}

function isDirectory(agent: Agent): agent is Extract<Agent, { kind: 'active-directory' }> {
  return agent.kind === 'active-directory';
}
