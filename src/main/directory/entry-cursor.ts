import { berTag } from './ber-tag.ts';
import { noLdap } from './link-error.ts';
import { readUtf8 } from './read-utf8.ts';

/** Attribute names that are remembered as they were sent; a server that invents more gains nothing. */
const mostNames = 512;
/** Values in one entry: small ones take far more memory than they have bytes. */
const mostValues = 2_000_000;

/**
 * Walks through one entry of a search after another, as `EncodedEntry` holds them, and makes nothing but the texts
 * that are asked for: reading a million entries is then a matter of microseconds each. Whatever does not hold
 * together is a `LinkError` `protocol`.
 */
export class EntryCursor {
  readonly #names = new Map<string, string>();
  #body = '';
  #at = 0;
  /** Where the list of attributes, the current attribute and its values end. */
  #listEnd = 0;
  #valuesEnd = 0;
  #valuesStart = 0;
  #valuesLeft = 0;
  /** The entry's distinguished name. */
  dn = '';
  /** The current attribute's name, lower case. */
  name = '';
  /** The current value, each character a byte. */
  value = '';

  /** Goes to the beginning of an entry. */
  open(body: string): void {
    this.#body = body;
    this.#at = 0;
    this.#valuesEnd = 0;
    this.#valuesLeft = mostValues;
    this.dn = readUtf8(this.#take(berTag.octetString, body.length));
    this.#listEnd = this.#enter(berTag.sequence, body.length);
  }

  /** Goes to the next attribute; false behind the last. */
  nextAttribute(): boolean {
    if (this.#valuesEnd > this.#at) this.#at = this.#valuesEnd;
    if (this.#at >= this.#listEnd) return false;
    const end = this.#enter(berTag.sequence, this.#listEnd);
    this.name = this.#nameOf(this.#take(berTag.octetString, end));
    this.#valuesEnd = this.#enter(berTag.set, end);
    if (this.#valuesEnd !== end) throw noLdap('something behind the values of an attribute');
    this.#valuesStart = this.#at;
    return true;
  }

  /** All values of the current attribute as they were sent: the same text is the same values. */
  get values(): string {
    return this.#body.slice(this.#valuesStart, this.#valuesEnd);
  }

  /** Goes before the current attribute's first value, where a cursor stands at first. */
  firstValue(): void {
    this.#at = this.#valuesStart;
  }

  /** Goes to the next value of the current attribute; false behind the last. */
  nextValue(): boolean {
    if (this.#at >= this.#valuesEnd) return false;
    this.#valuesLeft -= 1;
    if (this.#valuesLeft < 0) throw noLdap(`more than ${mostValues} values in one entry`);
    this.value = this.#take(berTag.octetString, this.#valuesEnd);
    return true;
  }

  #nameOf(sent: string): string {
    const known = this.#names.get(sent);
    if (known !== undefined) return known;
    const name = readUtf8(sent).toLowerCase();
    if (this.#names.size < mostNames) this.#names.set(sent, name);
    return name;
  }

  /** Passes over a value within `limit`, and returns it. */
  #take(tag: number, limit: number): string {
    const end = this.#enter(tag, limit);
    const start = this.#at;
    this.#at = end;
    return this.#body.slice(start, end);
  }

  /** Goes behind tag and length, and returns where the value ends (RFC 4511 5.1). */
  #enter(tag: number, limit: number): number {
    const body = this.#body;
    let at = this.#at;
    if (at >= limit || body.charCodeAt(at) !== tag)
      throw noLdap(`tag ${body.charCodeAt(at)} where ${tag} was expected`);
    let length = body.charCodeAt(at + 1);
    at += 2;
    if (length >= 0x80) {
      const size = length & 0x7f;
      if (size === 0 || size > 4) throw noLdap(`a length of ${size} bytes`);
      length = 0;
      for (let index = 0; index < size; index += 1) length = length * 256 + body.charCodeAt(at + index);
      at += size;
    }
    this.#at = at;
    const end = at + length;
    // A length behind the end reads as no number, which no comparison holds for.
    if (!(end <= limit)) throw noLdap('a length beyond the end');
    return end;
  }
}
