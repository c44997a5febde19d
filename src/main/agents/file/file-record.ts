import type { RunErrorWord } from '#identity/run-error.ts';

/** Where in a file something stands, both from 1. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** One object of a file. */
export interface FileRecord {
  readonly kind: 'record';
  readonly place: Place;
  /** Absent where the file's records have no names. */
  readonly dn?: string;
  /** The same as `foldDn` gives it, where the file's format has checked it already. */
  readonly folded?: string;
  /** What the file says happened to the object; `content` where it only shows it. */
  readonly change: 'content' | 'add' | 'delete' | 'modify' | 'rename';
  /** Values by folded column or attribute name; binary ones base64. */
  readonly values: ReadonlyMap<string, readonly string[]>;
}

/** A record that cannot be taken; the ones after it can. */
export interface BadRecord {
  readonly kind: 'bad';
  readonly place: Place;
  readonly dn?: string;
  readonly word: RunErrorWord;
  /** One sentence, without the place. */
  readonly detail: string;
}

export type FileItem = FileRecord | BadRecord;

/** Turns the text of a file into records, piece by piece. Throws `FileProblem` where nothing further can be read. */
export interface FileParser {
  /** Columns as the file's own header spells them, once it has been read. */
  readonly columns?: readonly string[];
  push(text: string): Iterable<FileItem>;
  end(): Iterable<FileItem>;
}
