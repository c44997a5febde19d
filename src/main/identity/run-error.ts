import type { AgentId, ConnectorId } from '#shared/model/change.ts';

/**
 * What went wrong with one object of a run, in the error words of Identity Manager, with three of our own:
 * `join-several-persons` (the rules find more than one person), `join-several-connectors` (more than one object of
 * the agent claims the same person) and `expression-error` (a rule's expression failed over the object).
 */
export type RunErrorWord =
  | 'failed-connection'
  | 'dropped-connection'
  | 'failed-authentication'
  | 'failed-permission'
  | 'failed-search'
  | 'warning-no-watermark'
  | 'missing-dn'
  | 'dn-not-ldap-conformant'
  | 'missing-anchor-component'
  | 'anchor-too-long'
  | 'missing-object-class'
  | 'duplicate-object'
  | 'need-full-object'
  | 'invalid-change-type'
  | 'invalid-base64-value'
  | 'invalid-attribute-value'
  | 'parse-error'
  | 'read-error'
  | 'staging-error'
  | 'unexpected-error'
  | 'expression-error'
  | 'exported-change-not-reimported'
  | ExportErrorWord
  | 'join-several-persons'
  | 'join-several-connectors';

/** What a connected system may say of one object that it did not take. */
export const exportErrorWords = [
  'invalid-provisioning-attribute-value',
  'invalid-dn',
  'cd-missing-object',
  'cd-existing-object',
  'ambiguous-update',
  'permission-issue',
  'schema-violation',
  'constraint-violation',
  'syntax-violation',
  'insufficient-field-width',
  'insufficient-columns',
  'code-page-conversion',
  'non-existent-parent',
  'no-export-to-this-object-type',
  'locking-error-needs-retry',
  'cd-error',
] as const;
export type ExportErrorWord = (typeof exportErrorWords)[number];

/** One object that a run could not deal with. */
export interface ObjectError {
  readonly word: RunErrorWord;
  readonly agent: AgentId;
  readonly dn: string;
  /** Absent where the object could not be staged. */
  readonly connector?: ConnectorId;
  /** One sentence that names the objects involved. */
  readonly detail: string;
}

/** One line of a run's error list. */
export interface RunError extends ObjectError {
  /** Position of the step record in its run, from 0. */
  readonly step: number;
}
