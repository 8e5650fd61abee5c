import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { CHECKOUT } from '../../src/platform/checkout.js';

test('the production build contains the program and its migrations, and no test or benchmark', () => {
  const dist = join(CHECKOUT, 'dist');
  const folders = readdirSync(dist, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  expect(folders.map(({ name }) => name).sort()).toEqual(['migrations', 'program', 'src']);
  const files = readdirSync(dist, { recursive: true, encoding: 'utf8' });
  expect(files).toContain('program/main.js');
  expect(files.filter((file) => /\.spec\.|(^|\/)(test|bench)\//.test(file))).toEqual([]);
});
