import { expect, test } from 'vitest';

import { unreadableJson } from '#shared/model/unreadable-json.ts';

test.each([
  'Canary-Secret-1',
  '{"user":"a","password":Canary-Secret-1}',
  '["a","b","c","d",Canary-Secret-1,"e"]',
])('the words about a file that is no JSON hold nothing of it: %s', (text) => {
  let cause: unknown;
  try {
    JSON.parse(text);
  } catch (error) {
    cause = error;
  }
  expect(String(cause)).toContain('Canary');
  const { code, message } = unreadableJson('x.json', cause);
  expect(code).toBe('invalid_configuration');
  expect(message).toMatch(/^x\.json cannot be read as JSON: Unexpected token/);
  expect(message).not.toContain('Canary');
});
