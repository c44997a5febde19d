const firstSize = 1024;

/** Remembers anchors in four to eight bytes each: whether one is new is certain, whether it is not may be an error. */
export class AnchorFilter {
  #hashes = new Uint32Array(firstSize);
  #count = 0;

  /** Takes an anchor in; false where it is certainly the first time. */
  add(anchor: string): boolean {
    if (this.#count * 2 >= this.#hashes.length) this.#grow();
    return this.#enter(hashOf(anchor));
  }

  #enter(hash: number): boolean {
    const mask = this.#hashes.length - 1;
    let place = hash & mask;
    for (; this.#hashes[place] !== 0; place = (place + 1) & mask)
      if (this.#hashes[place] === hash) return true;
    this.#hashes[place] = hash;
    this.#count += 1;
    return false;
  }

  #grow(): void {
    const before = this.#hashes;
    this.#hashes = new Uint32Array(before.length * 2);
    this.#count = 0;
    for (const hash of before) if (hash !== 0) this.#enter(hash);
  }
}

/** FNV-1a over the characters, mixed once more for its low bits; never 0, which marks a free place. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1)
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return (hash ^ (hash >>> 13)) >>> 0 || 1;
}
