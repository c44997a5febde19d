import type { Argument, Command, Help } from 'commander';

import { exitCodeMeanings } from '../exit-code.ts';
import type { SsoVerb } from '../sso/sso-verb.ts';
import { VerbArgument } from '../sso/verb-argument.ts';

/** A command's help as JSON, with everything that its help in words has. */
export function describeCommand(command: Command, help: Help): string {
  const options = [...help.visibleOptions(command), ...help.visibleGlobalOptions(command)];
  const description = {
    usage: help.commandUsage(command),
    description: command.description(),
    arguments: command.registeredArguments.map(describeArgument),
    options: options.map(({ flags, description }) => ({ flags, description })),
    commands: help
      .visibleCommands(command)
      .map((child) => ({ name: child.name(), description: child.description() })),
    exitCodes: exitCodeMeanings.map(([code, meaning]) => ({ code, meaning })),
  };
  return `${JSON.stringify(description, null, 2)}\n`;
}

function describeArgument(argument: Argument): object {
  const { required, variadic, description, argChoices } = argument;
  return {
    name: argument.name(),
    description,
    required,
    variadic,
    ...(argChoices === undefined ? {} : { choices: argChoices }),
    ...(argument instanceof VerbArgument ? { verbs: argument.verbs.map(describeVerb) } : {}),
  };
}

function describeVerb({ name, usage, summary }: SsoVerb): object {
  return { usage: `-${name} ${usage}`.trimEnd(), description: summary };
}
