import { expect, test } from '@jest/globals';
import { loadConfig } from './config.js';

test.each(['NaN', 'Infinity', '-Infinity', '1e300', '1e10', '-1', '2.5', 'many'])(
  'a number of the environment is refused by its name where it is %s',
  (text) => {
    for (const name of ['NEDWATCH_AUDIT_DAYS', 'NEDWATCH_PORT', 'NEDWATCH_REQUESTS_PER_SECOND'])
      expect(() => loadConfig({ [name]: text })).toThrow(name);
  },
);

test('a weak administrator key is refused by its name, with the remedy', () => {
  for (const key of ['short', 'aaaaaaaaaaaaaaaaaaaaaaaa', 'nw_change-me-please-now'])
    expect(() => loadConfig({ NEDWATCH_ADMIN_KEY: key })).toThrow(
      /NEDWATCH_ADMIN_KEY.*openssl rand -base64 32/,
    );
});
