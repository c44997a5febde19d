import { Argument } from 'commander';

import type { SsoVerb } from './sso-verb.ts';

/** The verb of a tool. Its verbs are no choices of commander's, which would refuse one in capitals or with a slash. */
export class VerbArgument extends Argument {
  readonly verbs: readonly SsoVerb[];

  constructor(verbs: readonly SsoVerb[]) {
    super('<verb>', 'what to do, with or without a dash before it');
    this.verbs = verbs;
  }
}
