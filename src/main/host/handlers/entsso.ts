import { entssoFileOf, withEntssoFile } from '#exchange/entsso/agent-mappings.ts';
import { readEntssoFile, writeEntssoFile } from '#exchange/entsso/entsso-file.ts';
import type { entssoContract } from '#shared/contract/entsso.ts';
import type { Handlers } from '#shared/rpc/contract.ts';

import type { ConfigurationFile } from '../configuration/configuration-file.ts';

const fileName = 'ENTSSO.xml';

export function createEntssoHandlers({
  file,
}: {
  readonly file: ConfigurationFile;
}): Handlers<typeof entssoContract> {
  return {
    'entsso.read': () => {
      const { configuration, running } = file;
      return { text: writeEntssoFile(entssoFileOf(configuration.agents)), revision: running.revision };
    },
    'entsso.write': ({ text, revision, checkOnly }, { caller }) => {
      const { configuration } = file;
      const read = readEntssoFile(new TextEncoder().encode(text), fileName);
      const agents = withEntssoFile(configuration.agents, read);
      const names = read.agents.map(({ name }) => name);
      if (checkOnly) return { revision, agents: names, mistakes: [] };
      const target: unknown = JSON.parse(JSON.stringify({ ...configuration, agents }));
      const applied = file.put(target, revision, { by: caller, kind: 'change', note: fileName });
      return { revision: applied.revision, agents: names, mistakes: [...applied.mistakes] };
    },
  };
}
