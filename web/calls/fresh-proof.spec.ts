import { askForProofBy, freshProof } from './fresh-proof.js';

test('without a dialog there is no proof', async () => {
  expect(await freshProof()).toBe(false);
});

test('calls at the same moment share one dialog, and a later call asks again', async () => {
  let shown = 0;
  const stop = askForProofBy(() => Promise.resolve(++shown === 1));
  expect(await Promise.all([freshProof(), freshProof()])).toEqual([true, true]);
  expect(await freshProof()).toBe(false);
  expect(shown).toBe(2);
  stop();
  expect(await freshProof()).toBe(false);
  expect(shown).toBe(2);
});
