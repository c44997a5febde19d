import type { Attributes } from './import-source.ts';

/** What an expression is evaluated over: one object of a connector space, or one person. */
export interface Subject {
  readonly dn: string;
  readonly objectType: string;
  readonly attributes: Attributes;
}

export interface Expression {
  /** What it gives as attribute values; none where it reads an attribute that the subject lacks. */
  values(subject: Subject): readonly string[];
  /** Whether it holds; it does not where it reads an attribute that the subject lacks. */
  holds(subject: Subject): boolean;
}

/**
 * The language of rules. An expression is checked when it is compiled and cannot loop for ever, reach anything but
 * its subject, or change anything.
 */
export interface Expressions {
  /** Throws `AppError` `invalid_input` that shows where the expression is wrong. Compiles each text once. */
  compile(text: string): Expression;
}
