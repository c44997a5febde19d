const utf8 = new TextDecoder();
/** Names that are remembered; an entry has few, and a server that invents more gains nothing. */
const mostNames = 512;

/** Reads attribute names in lower case; those of one entry are those of the next, and need no decoding. */
export class AttributeNames {
  readonly #known = new Map<number, { readonly bytes: Uint8Array; readonly name: string }>();

  read(bytes: Uint8Array): string {
    const { length } = bytes;
    // Length, both ends and the middle tell the names of a search apart; others only take the longer way.
    const key =
      (length << 24) ^ ((bytes[0] ?? 0) << 16) ^ ((bytes[length >> 1] ?? 0) << 8) ^ (bytes[length - 1] ?? 0);
    const known = this.#known.get(key);
    if (known !== undefined && isSame(known.bytes, bytes)) return known.name;
    const name = utf8.decode(bytes).toLowerCase();
    if (known === undefined && this.#known.size < mostNames)
      this.#known.set(key, { bytes: bytes.slice(), name });
    return name;
  }
}

function isSame(one: Uint8Array, other: Uint8Array): boolean {
  if (one.length !== other.length) return false;
  for (let index = 0; index < one.length; index += 1) if (one[index] !== other[index]) return false;
  return true;
}
