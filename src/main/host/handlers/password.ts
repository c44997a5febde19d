import type { passwordContract } from '#shared/contract/password.ts';
import type { Handlers } from '#shared/rpc/contract.ts';

import type { AgentNames } from '../agent-names.ts';
import type { ConfigurationFile } from '../configuration/configuration-file.ts';

export function createPasswordHandlers(
  names: AgentNames,
  file: ConfigurationFile,
): Handlers<typeof passwordContract> {
  const setSync = (enabled: boolean) => {
    const { revision } = file.edit(['passwordSync', 'enabled'], enabled);
    return { revision };
  };
  const setHold = (reference: string, hold: boolean) => {
    const index = names.indexOf(names.resolve(reference));
    const { revision } = file.edit(['agents', index, 'password', 'hold'], hold);
    return { revision };
  };
  return {
    'password.enableSync': () => setSync(true),
    'password.disableSync': () => setSync(false),
    'password.hold': ({ agent }) => setHold(agent, true),
    'password.resume': ({ agent }) => setHold(agent, false),
  };
}
