/** The password that an agent signs in with, while it is typed: never read back. */
export interface TypedSecret {
  readonly text: string;
  type(text: string): void;
}
