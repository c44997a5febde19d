import type { credentialsContract } from '#shared/contract/credentials.ts';
import type { AgentId } from '#shared/model/change.ts';
import type { Handlers } from '#shared/rpc/contract.ts';
import type { SecretBytes } from '#shared/secret/secret-bytes.ts';

import type { AgentNames } from '../agent-names.ts';

/** What only a running service can do with credentials, which stand under their agent's id. */
export interface CredentialControl {
  set(name: AgentId, secret: SecretBytes): Promise<void>;
  delete(name: AgentId): Promise<boolean>;
}

export function createCredentialHandlers(
  names: AgentNames,
  has: (name: string) => boolean,
  control: () => CredentialControl,
  changed: (agent: AgentId) => void,
): Handlers<typeof credentialsContract> {
  return {
    'credentials.set': async ({ agent, secret }) => {
      const { id } = names.resolve(agent);
      await control().set(id, secret);
      changed(id);
      return {};
    },
    'credentials.has': ({ agent }) => ({ has: has(names.resolve(agent).id) }),
    'credentials.remove': async ({ agent }) => {
      const { id } = names.resolve(agent);
      const removed = await control().delete(id);
      if (removed) changed(id);
      return { removed };
    },
  };
}
