import { readUtf8 } from '#directory/read-utf8.ts';
import { bytesOf, type SearchEntry, textOf } from '#directory/search-entry.ts';
import { foldDn } from '#shared/text/distinguished-name.ts';
import { escapeFilterText } from '#shared/text/filter-text.ts';

/** How a directory names an entry for good. */
export interface AnchorRule {
  /** Attribute that holds the immutable name; its absence means the DN. */
  readonly attribute: string;
  /**
   * `guid`: 16 bytes with the first three groups little-endian (MS-DTYP 2.3.4.2); `uuid`: 16 bytes in order;
   * `text`: the name as it is.
   */
  readonly form: 'guid' | 'uuid' | 'text';
  /** Whether an entry without the attribute goes by its DN. */
  readonly orDn: boolean;
}

const guidPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
/** Where each byte of the text form stands in a GUID's bytes. */
const guidOrder = [3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15];
const plainOrder = guidOrder.map((_, index) => index);

/** The anchor in its text form, lower case; undefined where the entry shows none. */
export function readAnchor(entry: SearchEntry, rule: AnchorRule): string | undefined {
  const anchor =
    rule.form === 'text'
      ? textOf(entry, rule.attribute)?.toLowerCase()
      : toGuidText(bytesOf(entry, rule.attribute), rule.form);
  return anchorOr(anchor, entry.dn, rule);
}

/** The same of what was sent, each character a byte. */
export function formAnchor(sent: string | undefined, dn: string, rule: AnchorRule): string | undefined {
  if (sent === undefined) return anchorOr(undefined, dn, rule);
  const anchor =
    rule.form === 'text' ? readUtf8(sent).toLowerCase() : toGuidText(Buffer.from(sent, 'latin1'), rule.form);
  return anchorOr(anchor, dn, rule);
}

function anchorOr(anchor: string | undefined, dn: string, rule: AnchorRule): string | undefined {
  if (anchor !== undefined && anchor !== '') return anchor;
  return rule.orDn ? foldDn(dn) : undefined;
}

/** How an entry is found by its anchor: as a search's base, or by a filter below the partition. */
export type AnchorQuery = { readonly base: string } | { readonly filter: string };

export function queryAnchor(anchor: string, rule: AnchorRule): AnchorQuery {
  // Active Directory takes a GUID for a name (MS-ADTS 3.1.1.3.1.2.4).
  if (rule.form === 'guid') return { base: `<GUID=${anchor}>` };
  const filter = anchorFilter(anchor, rule);
  return filter === undefined ? { base: anchor } : { filter };
}

/** A filter that finds the entry by its anchor; undefined where the anchor is a DN. */
export function anchorFilter(anchor: string, rule: AnchorRule): string | undefined {
  if (rule.form !== 'text') return `(${rule.attribute}=${escapeGuid(anchor, rule.form)})`;
  if (rule.orDn && !guidPattern.test(anchor)) return undefined;
  return `(${rule.attribute}=${escapeFilterText(anchor)})`;
}

/** Text form of 16 bytes; undefined for any other length. */
export function toGuidText(bytes: Uint8Array | undefined, form: 'guid' | 'uuid'): string | undefined {
  if (bytes?.length !== 16) return undefined;
  const hex = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('hex');
  const pair = (place: number): string => hex.slice(place * 2, place * 2 + 2);
  const first =
    form === 'guid'
      ? `${pair(3)}${pair(2)}${pair(1)}${pair(0)}-${pair(5)}${pair(4)}-${pair(7)}${pair(6)}`
      : `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}`;
  return `${first}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** The bytes behind a text form as a filter takes them. */
function escapeGuid(text: string, form: 'guid' | 'uuid'): string {
  const digits = text.replaceAll('-', '').match(/../g) ?? [];
  const order = form === 'guid' ? guidOrder : plainOrder;
  return order.map((place) => `\\${digits[place] ?? '00'}`).join('');
}
