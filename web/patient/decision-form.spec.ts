import { decisionOf, NOTHING_TYPED } from './decision-form.js';

test('a decision is complete with the fields of its kind', () => {
  expect(decisionOf(NOTHING_TYPED)).toBeUndefined();
  expect(decisionOf({ ...NOTHING_TYPED, profile: 'minimal', rule: 'left over' })).toEqual({
    ...{ kind: 'profile', profile: 'minimal' },
  });
  expect(decisionOf({ ...NOTHING_TYPED, kind: 'interval', rule: 'a', months: '0' })).toBeUndefined();
  expect(decisionOf({ ...NOTHING_TYPED, kind: 'interval', rule: 'a', months: '4' })).toEqual({
    ...{ kind: 'interval', rule: 'a', every: 'P4M' },
  });
  expect(decisionOf({ ...NOTHING_TYPED, kind: 'rule_off', rule: 'a' })).toEqual({
    ...{ kind: 'rule_off', rule: 'a' },
  });
});
