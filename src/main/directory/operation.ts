import { berTag } from './ber-tag.ts';
import type { LdapControl } from './ldap-control.ts';

/** A request of the protocol: its name in errors, the tag of its answer, and the result codes that end it well. */
export interface Operation {
  readonly name: string;
  readonly answer: number;
  readonly good: readonly number[];
}

/** What a caller may say of one request. */
export interface OperationOptions {
  readonly controls?: readonly LdapControl[];
  /** Milliseconds per answer. */
  readonly timeout?: number;
  readonly signal?: AbortSignal;
}

const success = [0];

/** RFC 4511 4.2 to 4.12. A bind goes on with 14 (saslBindInProgress), a compare says 5 or 6 (false, true). */
export const operations = {
  bind: { name: 'bind', answer: berTag.bindResponse, good: [0, 14] },
  search: { name: 'search', answer: berTag.searchDone, good: success },
  modify: { name: 'modify', answer: berTag.modifyResponse, good: success },
  add: { name: 'add', answer: berTag.addResponse, good: success },
  delete: { name: 'delete', answer: berTag.deleteResponse, good: success },
  rename: { name: 'rename', answer: berTag.renameResponse, good: success },
  compare: { name: 'compare', answer: berTag.compareResponse, good: [5, 6] },
  extended: { name: 'extended operation', answer: berTag.extendedResponse, good: success },
} as const satisfies Readonly<Record<string, Operation>>;
