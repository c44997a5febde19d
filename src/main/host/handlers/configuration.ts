import type { configurationContract } from '#shared/contract/configuration.ts';
import type { Handlers } from '#shared/rpc/contract.ts';

import { checkConfiguration } from '../configuration/check-configuration.ts';
import type { ConfigurationFile } from '../configuration/configuration-file.ts';

export function createConfigurationHandlers(file: ConfigurationFile): Handlers<typeof configurationContract> {
  return {
    'configuration.get': () => {
      const { configuration, revision, text } = file.running;
      return { file: file.path, revision, text, configuration };
    },
    'configuration.check': ({ text }) => {
      const { configuration, mistakes } = checkConfiguration(text);
      return { ok: configuration !== undefined, mistakes: [...mistakes] };
    },
    'configuration.apply': ({ text, revision }, { caller }) => {
      const applied = file.apply(text, revision, { by: caller, kind: 'change' });
      return { revision: applied.revision, mistakes: [...applied.mistakes] };
    },
    'configuration.set': ({ changes, revision }, { caller }) => {
      const applied = file.set(changes, revision, { by: caller, kind: 'change' });
      return { revision: applied.revision, mistakes: [...applied.mistakes] };
    },
    'configuration.reload': (_, { caller }) => {
      const { revision, changed, mistakes } = file.reload(caller);
      return { revision, changed, mistakes: [...mistakes] };
    },
  };
}
