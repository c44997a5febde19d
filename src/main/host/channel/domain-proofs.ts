import type { ProveCaller } from '#channel/caller.ts';
import { ChannelError } from '#channel/channel-error.ts';
import { createDomainControllerLookup } from '#channel/domain-controller-lookup.ts';
import { createDomainControllerProof } from '#channel/prove-domain-controller.ts';
import type { Clock } from '#engine/clock.ts';
import type { Agent, Partition } from '#shared/model/agent.ts';
import type { SecretBytes } from '#shared/secret/secret-bytes.ts';

import { DirectoryLink } from '../directory-link.ts';

export interface DomainProofsParts {
  readonly agents: readonly Agent[];
  readonly credential: (agent: string) => Promise<SecretBytes>;
  readonly clock: Clock;
}

export interface DomainProofs {
  readonly prove: ProveCaller;
  close(): Promise<void>;
}

/** Proves callers by the directory of the domain that they come from; there is one for each source partition. */
export function createDomainProofs({ agents, credential, clock }: DomainProofsParts): DomainProofs {
  const links: DirectoryLink[] = [];
  const proofs = new Map<string, ProveCaller>();
  for (const agent of agents) {
    if (agent.kind !== 'active-directory') continue;
    const link = new DirectoryLink(agent, credential);
    links.push(link);
    for (const { dn, passwordSource } of agent.partitions) {
      if (passwordSource === undefined) continue;
      const realm = realmOf(dn);
      const findComputer = createDomainControllerLookup({ connect: () => link.open(), baseDn: dn, realm });
      proofs.set(
        realm,
        createDomainControllerProof({ realm, domain: passwordSource.domain, findComputer, clock }),
      );
    }
  }
  return {
    prove(principal) {
      const realm = principal.slice(principal.lastIndexOf('@') + 1).toUpperCase();
      const proof = proofs.get(realm);
      if (proof !== undefined) return proof(principal);
      const message = `${principal} is refused: no partition of this server is a password source of ${realm}`;
      return Promise.reject(new ChannelError('not-a-domain-controller', message));
    },
    async close() {
      await Promise.all(links.map((link) => link.close()));
    },
  };
}

/** Kerberos realm of an Active Directory domain: its DNS name in capitals (MS-KILE 3.1.5.11). */
export function realmOf(dn: Partition['dn']): string {
  return dn
    .split(',')
    .map((part) => /^\s*dc\s*=\s*(.+?)\s*$/i.exec(part)?.[1])
    .filter((label) => label !== undefined)
    .join('.')
    .toUpperCase();
}
