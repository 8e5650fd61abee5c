import { ageOn, attemptOf, stepAfter } from './outcomes.js';

const script = { zh: '', en: '' };
const notes = { note: ' 下周再说 ', nextActionOn: '' };

test('an attempt names the number, and the relative who was called', () => {
  const relative = { id: 'r1', name: '王磊', relation: 'son' } as const;
  const number = { number: '139', written: '139', channel: 'relative', relative, script } as const;
  expect(attemptOf('busy', number, notes)).toEqual({
    ...{ channel: 'relative', outcome: 'busy', number: '139', relativeId: 'r1', note: '下周再说' },
  });
});

test('a person who knows nothing of the patient is reached, and confirms nothing', () => {
  expect(attemptOf('unaware', undefined, { note: '', nextActionOn: '2026-11-05' })).toEqual({
    ...{ channel: 'telephone', outcome: 'reached', confirmsAlive: false, nextActionOn: '2026-11-05' },
  });
});

test('the ladder goes to the next channel after the last attempt of this one', () => {
  const ladder = [
    { channel: 'telephone', attempts: 2, of: 3 },
    { channel: 'message', attempts: 0, of: 1 },
  ] as const;
  expect(stepAfter([...ladder], 'telephone')).toEqual({ channel: 'message', attempt: 1 });
  expect(stepAfter([...ladder], 'relative')).toEqual({ channel: 'telephone', attempt: 3 });
  expect(stepAfter([{ channel: 'telephone', attempts: 0, of: 1 }], 'telephone')).toBeUndefined();
});

test('a year of age is full on the birthday', () => {
  expect([ageOn('2026-03-10', '1958-03-11'), ageOn('2026-03-10', '1958-03-10')]).toEqual([67, 68]);
});
