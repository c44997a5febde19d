import { AppError } from '../model/app-error.ts';
import { SecretBytes } from './secret-bytes.ts';

const lengthPrefix = 2;

/** The values of an account's credential fields as one secret: each with its length before it. */
export function packFields(fields: readonly SecretBytes[]): SecretBytes {
  const packed = SecretBytes.allocate(fields.reduce((sum, { length }) => sum + lengthPrefix + length, 0));
  const view = new DataView(packed.bytes.buffer);
  let at = 0;
  for (const field of fields) {
    view.setUint16(at, field.length);
    packed.bytes.set(field.bytes, at + lengthPrefix);
    at += lengthPrefix + field.length;
  }
  return packed;
}

/** The values, which the caller wipes. Throws `AppError` `invalid_input` for bytes that were packed by nobody. */
export function unpackFields(packed: SecretBytes): SecretBytes[] {
  const { bytes } = packed;
  const view = new DataView(bytes.buffer);
  const fields: SecretBytes[] = [];
  let at = 0;
  while (at < bytes.length) {
    const start = at + lengthPrefix;
    const end = start <= bytes.length ? start + view.getUint16(at) : start;
    if (end > bytes.length) {
      wipeFields(fields);
      throw new AppError('invalid_input', 'The credential fields end in the middle of one');
    }
    fields.push(SecretBytes.copy(bytes.subarray(start, end)));
    at = end;
  }
  return fields;
}

export function wipeFields(fields: readonly SecretBytes[]): void {
  for (const field of fields) field.wipe();
}
