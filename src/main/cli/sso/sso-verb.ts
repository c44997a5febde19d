import type { Command } from 'commander';

import { AppError } from '#shared/model/app-error.ts';

import { onRun } from '../on-run.ts';
import type { Session } from '../session.ts';
import type { Terminal } from '../terminal.ts';
import { VerbArgument } from './verb-argument.ts';

/** One verb of a tool, in the tool's own writing: `-verb <argument> [argument]`. */
export interface SsoVerb {
  readonly name: string;
  /** Its arguments, as the help shows them. */
  readonly usage: string;
  readonly summary: string;
  /** How many arguments it takes. */
  readonly takes: readonly [least: number, most: number];
  /** Works on this computer, whatever server is set. */
  readonly isLocal?: true;
  readonly run: (session: Session, args: readonly string[]) => Promise<void>;
}

/** Mounts a tool under its own name; its verbs are taken with and without the dash before them. */
export function addSsoTool(
  program: Command,
  terminal: Terminal,
  tool: { readonly name: string; readonly summary: string; readonly verbs: readonly SsoVerb[] },
): void {
  const { name, summary, verbs } = tool;
  const command = program
    .command(name)
    .addArgument(new VerbArgument(verbs))
    .argument('[arguments...]', 'its arguments')
    .allowUnknownOption()
    .description(summary)
    .addHelpText('after', ({ command }) =>
      command.optsWithGlobals()['json'] ? '' : `\nVerbs:\n${describeVerbs(verbs)}`,
    );
  onRun<[string, string[] | undefined]>(terminal, command, async (session, [given, args = []]) => {
    const word = given.replace(/^[-/]+/, '').toLowerCase();
    // As the tools of the original are asked.
    if (word === 'help' || word === '?') return void command.outputHelp();
    const verb = verbs.find((each) => each.name === word);
    if (verb === undefined)
      throw new AppError('invalid_input', `${name} has no verb "${given}"`, {
        fix: `Its verbs are ${verbs.map((each) => `-${each.name}`).join(', ')}.`,
      });
    const [least, most] = verb.takes;
    if (args.length < least || args.length > most)
      throw new AppError('invalid_input', `-${verb.name} was given ${args.length} arguments`, {
        fix: `Write it as: carillon ${name} -${verb.name} ${verb.usage}`.trimEnd(),
      });
    if (!verb.isLocal) await session.preferDefaultServer();
    await verb.run(session, args);
  });
}

/** Yes and no in the ways that the tools take them. */
export function parseYesNo(word: string): boolean {
  if (['yes', 'on', 'true', '1'].includes(word.toLowerCase())) return true;
  if (['no', 'off', 'false', '0'].includes(word.toLowerCase())) return false;
  throw new AppError('invalid_input', `"${word}" is neither yes nor no`);
}

export function yesNo(value: boolean): string {
  return value ? 'Yes' : 'No';
}

/** Prints what became of several things, a line each. */
export function reportNames(session: Session, what: string, names: readonly string[]): void {
  session.print({ [what]: names }, () => names.map((name) => `${name}: ${what}`).join('\n'));
}

/** Two columns, as the tools print what one thing has. */
export function formatFacts(
  facts: readonly (readonly [label: string, value: string | number | undefined])[],
): string {
  const width = Math.max(...facts.map(([label]) => label.length));
  return facts.map(([label, value]) => `${label.padEnd(width)} : ${value ?? '-'}`).join('\n');
}

function describeVerbs(verbs: readonly SsoVerb[]): string {
  const written = verbs.map(({ name, usage, summary }) => [`-${name} ${usage}`.trimEnd(), summary] as const);
  const width = Math.max(...written.map(([text]) => text.length));
  return written.map(([text, summary]) => `  ${text.padEnd(width)}  ${summary}`).join('\n');
}
