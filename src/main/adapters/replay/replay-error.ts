/** What is wrong with a replay file, under the number of its event. */
export class ReplayError extends Error {
  override readonly name = 'ReplayError';
  readonly event: number;

  constructor(event: number, message: string, options: { readonly cause?: unknown } = {}) {
    super(message, options);
    this.event = event;
  }
}
