import type { Command } from 'commander';

import type { PcnscfgVerb } from '#capture/pcnscfg-verb.ts';

import { onRun } from '../on-run.ts';
import { readSecret } from '../read-secret.ts';
import type { Terminal } from '../terminal.ts';

/** Mounts the verbs of pcnscfg, with its own `/N:value` parameters beside the usual `--name value`. */
export function addPcnscfgCommand(program: Command, terminal: Terminal, verbs: readonly PcnscfgVerb[]): void {
  const pcnscfg = program
    .command('pcnscfg')
    .description('Targets of the domain controllers, in the directory where PCNS keeps them');
  for (const { name, summary, parameters, run } of verbs) {
    const verb = pcnscfg
      .command(name)
      .argument('[parameters...]', 'the parameters as pcnscfg writes them, /N:name')
      .description(summary);
    for (const { short, long, required, summary: meaning } of parameters)
      verb.option(`--${long} <value>`, `/${short}: ${meaning}${required ? ' (needed)' : ''}`);
    onRun<[string[] | undefined], Record<string, string>>(terminal, verb, async (session, [given = []]) => {
      const options = verb.opts<Record<string, string>>();
      const named = parameters.flatMap(({ long }) => {
        const value = options[toOptionName(long)];
        return value === undefined ? [] : [`--${long}=${value}`];
      });
      await run([...given, ...named], {
        write: (text) => terminal.stdout.write(`${text}\n`),
        warn: (text) => terminal.stderr.write(`${text}\n`),
        readSecret: (prompt) => readSecret(terminal, prompt.replace(/:\s*$/, '')),
        json: session.json,
      });
    });
  }
}

/** Commander's name of an option: `ca-file` becomes `caFile`. */
function toOptionName(long: string): string {
  return long.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
