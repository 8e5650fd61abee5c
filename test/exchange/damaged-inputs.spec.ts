import { expect, test } from '@jest/globals';
import { readInput } from '../fuzz/exchange/parser-campaign.js';

// The short form of `npm run fuzz:exchange`, which draws other seeds.
const SEED = Number(process.env['FUZZ_SEED'] ?? 1);
const INPUTS = 1500;

test(`${INPUTS} damaged messages, resources and queries are read, or refused by name (seed ${SEED})`, async () => {
  for (let input = 0; input < INPUTS; input++) expect(await readInput(SEED, input)).toBeUndefined();
});
