import type { passwordContract } from '#shared/contract/password.ts';
import type { Handlers } from '#shared/rpc/contract.ts';

import type { AgentNames } from '../agent-names.ts';
import type { ConfigurationFile } from '../configuration/configuration-file.ts';

export function createPasswordHandlers(
  names: AgentNames,
  file: ConfigurationFile,
): Handlers<typeof passwordContract> {
  const setSync = (enabled: boolean, by: string) => {
    const { revision } = file.edit(['passwordSync', 'enabled'], enabled, by);
    return { revision };
  };
  const switchAgent = (reference: string, key: 'hold' | 'shadow', value: boolean, by: string) => {
    const index = names.indexOf(names.resolve(reference));
    const { revision } = file.edit(['agents', index, 'password', key], value, by);
    return { revision };
  };
  return {
    'password.enableSync': (_, { caller }) => setSync(true, caller),
    'password.disableSync': (_, { caller }) => setSync(false, caller),
    'password.hold': ({ agent }, { caller }) => switchAgent(agent, 'hold', true, caller),
    'password.resume': ({ agent }, { caller }) => switchAgent(agent, 'hold', false, caller),
    'password.shadow': ({ agent }, { caller }) => switchAgent(agent, 'shadow', true, caller),
    'password.live': ({ agent }, { caller }) => switchAgent(agent, 'shadow', false, caller),
  };
}
