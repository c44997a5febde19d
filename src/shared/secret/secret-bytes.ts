const inspect = Symbol.for('nodejs.util.inspect.custom');
const redacted = '[secret]';

/**
 * Bytes of a password or key, held outside the V8 heap and wiped on purpose.
 *
 * A typed array of 64 bytes or less that allocates its own store lives inside the V8 heap, where a scavenge
 * copies it and a later fill(0) misses the copies; an explicit ArrayBuffer never does.
 */
export class SecretBytes {
  #bytes: Uint8Array<ArrayBuffer> | undefined;

  private constructor(bytes: Uint8Array<ArrayBuffer>) {
    this.#bytes = bytes;
  }

  /** Room for `length` zero bytes, to be filled by the caller. */
  static allocate(length: number): SecretBytes {
    return new SecretBytes(new Uint8Array(new ArrayBuffer(length)));
  }

  /** Copies `source` off the heap and wipes it: the secret has one owner. */
  static take(source: Uint8Array): SecretBytes {
    const secret = SecretBytes.copy(source);
    source.fill(0);
    return secret;
  }

  /** Copies `source`, whose owner goes on being responsible for it. */
  static copy(source: Uint8Array): SecretBytes {
    const secret = SecretBytes.allocate(source.length);
    secret.bytes.set(source);
    return secret;
  }

  /** The live bytes; throws once wiped. Do not keep them beyond the secret's life. */
  get bytes(): Uint8Array<ArrayBuffer> {
    if (this.#bytes === undefined) throw new Error('The secret was already wiped');
    return this.#bytes;
  }

  get length(): number {
    return this.bytes.length;
  }

  get wiped(): boolean {
    return this.#bytes === undefined;
  }

  wipe(): void {
    this.#bytes?.fill(0);
    this.#bytes = undefined;
  }

  [Symbol.dispose](): void {
    this.wipe();
  }

  toJSON(): string {
    return redacted;
  }

  toString(): string {
    return redacted;
  }

  [inspect](): string {
    return redacted;
  }
}
