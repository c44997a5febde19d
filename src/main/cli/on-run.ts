import type { Command } from 'commander';

import { Session } from './session.ts';
import type { Terminal } from './terminal.ts';

/** A command's work: its session, its parsed arguments in order, and its options. */
export type Work<A extends readonly unknown[], O> = (session: Session, args: A, options: O) => Promise<void>;

/** Gives a command its work; commander's own order of arguments stays out of the commands. */
export function onRun<A extends readonly unknown[] = [], O extends object = object>(
  terminal: Terminal,
  command: Command,
  work: Work<A, O>,
): void {
  command.action(async () => {
    await work(new Session(terminal, command), command.processedArgs as unknown as A, command.opts<O>());
  });
}
