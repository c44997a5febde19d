import { foldDn } from './distinguished-name.ts';

/** Containers that are remembered; a directory that has more of them is folded anew. */
const mostContainers = 4096;

/** Folds the names of many entries, which share a few containers. */
export class DnFolder {
  readonly #containers = new Map<string, string | undefined>();

  /** As `foldDn`. */
  fold(dn: string): string | undefined {
    const comma = dn.indexOf(',');
    // An escaped or quoted comma parts nothing.
    if (comma < 0 || dn.includes('\\') || dn.includes('"')) return foldDn(dn);
    const container = this.#foldContainer(dn.slice(comma + 1));
    const first = foldDn(dn.slice(0, comma));
    // An empty part is no name, though it would be one if it stood alone.
    return first === undefined || first === '' || container === undefined || container === ''
      ? foldDn(dn)
      : `${first},${container}`;
  }

  #foldContainer(dn: string): string | undefined {
    const known = this.#containers.get(dn);
    if (known !== undefined) return known;
    const folded = foldDn(dn);
    if (this.#containers.size >= mostContainers) this.#containers.clear();
    this.#containers.set(dn, folded);
    return folded;
  }
}
