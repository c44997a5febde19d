import { createBuilder, type Plugin } from 'vite';

/** Tells the build inside the build, whose chunks are only looked at. */
const inner = 'CARILLON_INNER_BUILD';

/**
 * Puts everything that the page loads before it can draw into one file: sixty small ones, which the bundler makes of
 * what lazy parts share with the first screen, cost a request each. What that is comes from a build beforehand, since
 * only the bundler knows which parts of a library are used first.
 */
export function firstChunk(configFile: string): Plugin {
  let first: ReadonlySet<string> = new Set();
  return {
    name: 'carillon-first-chunk',
    apply: 'build',
    applyToEnvironment: ({ name }) => name === 'client' && process.env[inner] === undefined,
    async buildStart() {
      process.env[inner] = 'yes';
      try {
        first = await findFirst(configFile);
      } finally {
        delete process.env[inner];
      }
    },
    outputOptions: (options) => ({
      ...options,
      codeSplitting: {
        includeDependenciesRecursively: false,
        groups: [{ debugName: 'first', name: (id: string) => (first.has(id) ? 'first' : null) }],
      },
    }),
  };
}

/** The modules of all chunks that the page's entry imports before it runs. */
async function findFirst(configFile: string): Promise<ReadonlySet<string>> {
  const found = new Set<string>();
  const look: Plugin = {
    name: 'carillon-look',
    generateBundle(_, bundle) {
      const go = (name: string, seen: Set<string>): void => {
        const chunk = bundle[name];
        if (chunk?.type !== 'chunk' || seen.has(name)) return;
        seen.add(name);
        for (const id of chunk.moduleIds) found.add(id);
        for (const imported of chunk.imports) go(imported, seen);
      };
      for (const chunk of Object.values(bundle))
        if (chunk.type === 'chunk' && chunk.isEntry) go(chunk.fileName, new Set());
    },
  };
  const builder = await createBuilder({
    configFile,
    logLevel: 'error',
    plugins: [look],
    build: { write: false, minify: false },
  });
  const { client } = builder.environments;
  if (client === undefined) throw new Error('vite.config.ts has no page');
  await builder.build(client);
  return found;
}
