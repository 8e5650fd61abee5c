import { expect, test } from '@jest/globals';
import { keysIn } from './pasted-keys.js';

test('a key set, a list of keys and one key are the same', () => {
  const key = { kty: 'RSA', kid: '1' };
  for (const pasted of [{ keys: [key] }, [key], key]) expect(keysIn(JSON.stringify(pasted))).toEqual([key]);
});

test('what is no JSON object is not sent', () => {
  for (const pasted of ['', 'MIIB…', '"key"', 'null']) expect(keysIn(pasted)).toBeUndefined();
});
