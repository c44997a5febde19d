import type { credentialsContract } from '#shared/contract/credentials.ts';
import type { AgentId } from '#shared/model/change.ts';
import type { Handlers } from '#shared/rpc/contract.ts';
import type { SecretBytes } from '#shared/secret/secret-bytes.ts';

import type { AgentNames } from '../agent-names.ts';

/** The vault's credentials, by agent id. */
export interface Credentials {
  has(name: string): boolean;
  set(name: string, secret: SecretBytes): Promise<void>;
  delete(name: string): Promise<boolean>;
}

export function createCredentialHandlers(
  names: AgentNames,
  credentials: () => Credentials,
  changed: (agent: AgentId) => void,
): Handlers<typeof credentialsContract> {
  return {
    'credentials.set': async ({ agent, secret }) => {
      const { id } = names.resolve(agent);
      await credentials().set(id, secret);
      changed(id);
      return {};
    },
    'credentials.has': ({ agent }) => ({ has: credentials().has(names.resolve(agent).id) }),
    'credentials.remove': async ({ agent }) => {
      const { id } = names.resolve(agent);
      const removed = await credentials().delete(id);
      if (removed) changed(id);
      return { removed };
    },
  };
}
