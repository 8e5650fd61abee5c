import { expect, test } from '@jest/globals';
import { abbreviated } from './entry-content.js';

test.each([
  ['李敏强', 'M0004821', '李 …4821'],
  ['欧阳娜娜', 'M0004821', '欧 …4821'],
  ['John Ronald Smith', 'A-77', 'J.R.S. …-77'],
  [null, '0012345', '…2345'],
  ['李', '7', '李'],
  ['', '12', '…2'],
])('%s with the number %s is %s', (name, mrn, shown) => {
  expect(abbreviated({ name, mrn })).toBe(shown);
});
