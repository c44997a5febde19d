import { expect, test } from 'vitest';

import { tryParsePin } from '#channel/key-pin.ts';

const hex = '00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff';
const pin = 'sha256/ABEiM0RVZneImaq7zN3u/wARIjNEVWZ3iJmqu8zd7v8=';

test('a pin is read in its own form and as hexadecimal digits', () => {
  const colons = hex.toUpperCase().replaceAll(/(..)(?=.)/g, '$1:');
  for (const text of [pin, ` ${pin}\n`, hex, hex.toUpperCase(), colons]) expect(tryParsePin(text)).toBe(pin);
});

test('what is no SHA-256 fingerprint is no pin', () => {
  for (const text of [
    '',
    'sha256/',
    pin.slice(0, -1),
    `${pin}A`,
    hex.slice(2),
    `${hex}00`,
    pin.replace('sha256', 'sha1'),
    'ü'.repeat(64),
  ])
    expect(tryParsePin(text)).toBeUndefined();
});
