/** Short strings own their characters; longer ones may keep the whole piece of text alive that they were cut from. */
const ownLength = 12;

/** The anchors that a file has shown, to find the second object of one name. */
export class AnchorSet {
  readonly #known = new Set<string>();

  /** Whether the anchor was shown before. */
  add(anchor: string): boolean {
    const before = this.#known.size;
    this.#known.add(anchor.length > ownLength ? Buffer.from(anchor).toString() : anchor);
    return this.#known.size === before;
  }
}
