/** Why a session with an adapter ends. */
export class ProtocolError extends Error {
  override readonly name = 'ProtocolError';
  /** Number under which single sign-on knows it. */
  readonly event: number;

  constructor(event: number, message: string, options: { readonly cause?: unknown } = {}) {
    super(message, options);
    this.event = event;
  }
}
