import { readFileSync } from 'node:fs';

import type { CaptureConfiguration } from './capture-configuration.ts';
import type { ControllerReader } from './controller-reader.ts';
import type { CaptureEventSink } from './event-log.ts';
import { hookCommand, readGlobalParameter } from './smb-conf.ts';

/** Why Samba does not ask the hook, in words; undefined where it does. */
export async function findHookProblem(
  { smbConf, hook }: CaptureConfiguration,
  reader: Pick<ControllerReader, 'wantsComplexPasswords'>,
): Promise<string | undefined> {
  const command = readGlobalParameter(readFileSync(smbConf, 'utf8'), 'check password script');
  if (command !== hookCommand(hook))
    return `${smbConf} has ${command === undefined ? 'no' : 'another'} "check password script"`;
  if (!(await reader.wantsComplexPasswords())) return 'the domain does not want complex passwords';
  return undefined;
}

/** Tells of a hook that is not asked, once for as long as it lasts. */
export class HookCheck {
  readonly #log: CaptureEventSink;
  #known: string | undefined;

  constructor(log: CaptureEventSink) {
    this.#log = log;
  }

  note(problem: string | undefined): void {
    if (problem !== undefined && problem !== this.#known)
      this.#log({ number: 7023, message: `No change is captured here: ${problem}` });
    this.#known = problem;
  }
}
