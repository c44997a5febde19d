import { berTag, contextSequence, contextTag } from './ber-tag.ts';
import { BerWriter } from './ber-writer.ts';
import { writeFilter } from './filter-writer.ts';
import type { LdapControl } from './ldap-control.ts';

export type SearchScope = 'base' | 'one' | 'sub';

export interface AttributeChange {
  readonly operation: 'add' | 'delete' | 'replace';
  readonly attribute: string;
  readonly values: readonly (Uint8Array | string)[];
}

const scopes = { base: 0, one: 1, sub: 2 } as const;
const operations = { add: 0, delete: 1, replace: 2 } as const;
const ldapVersion = 3;

/** One message: number, operation, controls. `write` fills the operation in. */
function message(
  id: number,
  controls: readonly LdapControl[] | undefined,
  write: (to: BerWriter) => void,
): BerWriter {
  const writer = new BerWriter();
  const whole = writer.start();
  writer.integer(id);
  write(writer);
  if (controls !== undefined && controls.length > 0) {
    const list = writer.start(berTag.controls);
    for (const { oid, critical, value } of controls) {
      const control = writer.start();
      writer.text(oid);
      if (critical) writer.boolean(true);
      if (value !== undefined) writer.bytes(value);
      writer.end(control);
    }
    writer.end(list);
  }
  writer.end(whole);
  return writer;
}

export type WriteRequest = (id: number, controls: readonly LdapControl[] | undefined) => BerWriter;

export const writeSimpleBind =
  (dn: string, password: Uint8Array): WriteRequest =>
  (id, controls) =>
    message(id, controls, (to) => {
      const bind = to.start(berTag.bindRequest);
      to.integer(ldapVersion);
      to.text(dn);
      to.bytes(password, contextTag(0));
      to.end(bind);
    });

export const writeSaslBind =
  (mechanism: string, credentials: Uint8Array | undefined): WriteRequest =>
  (id, controls) =>
    message(id, controls, (to) => {
      const bind = to.start(berTag.bindRequest);
      to.integer(ldapVersion);
      to.text('');
      const sasl = to.start(contextSequence(3));
      to.text(mechanism);
      if (credentials !== undefined) to.bytes(credentials);
      to.end(sasl);
      to.end(bind);
    });

export const writeUnbind: WriteRequest = (id, controls) =>
  message(id, controls, (to) => to.bytes(new Uint8Array(0), berTag.unbindRequest));

export const writeAbandon =
  (target: number): WriteRequest =>
  (id, controls) =>
    message(id, controls, (to) => to.integer(target, berTag.abandonRequest));

export interface SearchParameters {
  readonly base: string;
  readonly scope: SearchScope;
  /** RFC 4515. */
  readonly filter: string;
  readonly attributes?: readonly string[];
  readonly sizeLimit?: number;
}

export const writeSearch =
  ({ base, scope, filter, attributes = [], sizeLimit = 0 }: SearchParameters): WriteRequest =>
  (id, controls) =>
    message(id, controls, (to) => {
      const search = to.start(berTag.searchRequest);
      to.text(base);
      to.integer(scopes[scope], berTag.enumerated);
      // neverDerefAliases
      to.integer(0, berTag.enumerated);
      to.integer(sizeLimit);
      to.integer(0);
      to.boolean(false);
      writeFilter(to, filter);
      const list = to.start();
      for (const attribute of attributes) to.text(attribute);
      to.end(list);
      to.end(search);
    });

function writeValues(to: BerWriter, attribute: string, values: readonly (Uint8Array | string)[]): void {
  const pair = to.start();
  to.text(attribute);
  const set = to.start(berTag.set);
  for (const value of values) {
    if (typeof value === 'string') to.text(value);
    else to.bytes(value);
  }
  to.end(set);
  to.end(pair);
}

export const writeModify =
  (dn: string, changes: readonly AttributeChange[]): WriteRequest =>
  (id, controls) =>
    message(id, controls, (to) => {
      const modify = to.start(berTag.modifyRequest);
      to.text(dn);
      const list = to.start();
      for (const { operation, attribute, values } of changes) {
        const change = to.start();
        to.integer(operations[operation], berTag.enumerated);
        writeValues(to, attribute, values);
        to.end(change);
      }
      to.end(list);
      to.end(modify);
    });

export const writeAdd =
  (dn: string, attributes: Readonly<Record<string, readonly (Uint8Array | string)[]>>): WriteRequest =>
  (id, controls) =>
    message(id, controls, (to) => {
      const add = to.start(berTag.addRequest);
      to.text(dn);
      const list = to.start();
      for (const [name, values] of Object.entries(attributes)) writeValues(to, name, values);
      to.end(list);
      to.end(add);
    });

export const writeDelete =
  (dn: string): WriteRequest =>
  (id, controls) =>
    message(id, controls, (to) => to.text(dn, berTag.deleteRequest));

export const writeRename =
  (dn: string, newRdn: string, newParent: string | undefined): WriteRequest =>
  (id, controls) =>
    message(id, controls, (to) => {
      const rename = to.start(berTag.renameRequest);
      to.text(dn);
      to.text(newRdn);
      to.boolean(true);
      if (newParent !== undefined) to.text(newParent, contextTag(0));
      to.end(rename);
    });

export const writeCompare =
  (dn: string, attribute: string, value: Uint8Array): WriteRequest =>
  (id, controls) =>
    message(id, controls, (to) => {
      const compare = to.start(berTag.compareRequest);
      to.text(dn);
      const assertion = to.start();
      to.text(attribute);
      to.bytes(value);
      to.end(assertion);
      to.end(compare);
    });

export const writeExtended =
  (oid: string, value: Uint8Array | undefined): WriteRequest =>
  (id, controls) =>
    message(id, controls, (to) => {
      const extended = to.start(berTag.extendedRequest);
      to.text(oid, contextTag(0));
      if (value !== undefined) to.bytes(value, contextTag(1));
      to.end(extended);
    });
