import type { Policy } from '../calls/policy.js';
import { DEFAULT_TOLERANCES as OF_PLANNER } from '../../src/guideline/choices.js';
import { DEFAULT_RISE_RULE } from '../../src/guideline/rises.js';
import { DEFAULT_RISES, DEFAULT_TOLERANCES, patchOf, typedOf } from './policy-patch.js';

const POLICY: Policy = {
  ...{ guideline: 'a@1.0.0', profile: 'intensive', liverImaging: 'ct' },
  rules: {
    visits: { by: 'hospital', phases: { '0': { every: 'P3M', until: 'P2Y' } }, author: 'A', reason: 'B' },
  },
  reminders: { leadDays: [30, 7], time: '08:00' },
};
const typed = typedOf(POLICY);
const patch = (change: Partial<typeof typed>) => patchOf(POLICY, { ...typed, ...change }, 'agreed');

test('the policy in force needs no patch', () => {
  expect(patch({})).toBeNull();
});

test('only what was changed is sent', () => {
  expect(patch({ profile: 'minimal' })).toEqual({ profile: 'minimal' });
  expect(patch({ guideline: 'b@2.0.0' })).toEqual({ guideline: 'b@2.0.0' });
});

test('a tolerance that is left empty has its default, and all of them empty mean the defaults', () => {
  expect(patch({ tolerances: { upTo3Months: '7', upTo12Months: '', longer: '' } })).toEqual({
    tolerances: { upTo3Months: 7, upTo12Months: 30, longer: 60 },
  });
  const own = { ...POLICY, tolerances: { upTo3Months: 7, upTo12Months: 30, longer: 60 } };
  const empty = { upTo3Months: '', upTo12Months: '', longer: '' };
  expect(patchOf(own, { ...typedOf(own), tolerances: empty }, '')).toEqual({ tolerances: null });
});

test('a rule keeps what the form does not show, and is taken back as a whole', () => {
  expect(patch({ rules: { visits: { every: { '0': 'P6M' }, offFrom: '' } } })).toEqual({
    rules: { visits: { phases: { '0': { until: 'P2Y', every: 'P6M' } }, reason: 'agreed' } },
  });
  expect(patch({ rules: { visits: null } })).toEqual({ rules: { visits: null } });
  expect(patch({ rules: { ...typed.rules, other: { every: {}, offFrom: '2027-01-01' } } })).toEqual({
    rules: { other: { offFrom: '2027-01-01', reason: 'agreed' } },
  });
});

test('reminders are sent together, with several lead times and without what is empty', () => {
  expect(patch({ leadDays: '14', overdueEveryDays: '7' })).toEqual({
    reminders: { leadDays: 14, time: '08:00', until: null, overdueEveryDays: 7, escalation: null },
  });
  expect(patch({ leadDays: '60、30，7', responsibleNurse: '7', headNurse: '21' })).toMatchObject({
    reminders: {
      leadDays: [60, 30, 7],
      escalation: { responsibleNurseAfterDays: 7, headNurseAfterDays: 21 },
    },
  });
});

test('a limit that is emptied is the usual one again, and a rise rule is sent as a whole', () => {
  const own = { ...POLICY, referenceLimits: { A: 5, B: 37 } };
  const limits = { A: '', B: '37', C: '6.5' };
  expect(patchOf(own, { ...typedOf(own), limits }, '')).toEqual({ referenceLimits: { A: null, C: 6.5 } });
  expect(patch({ rises: { ...typed.rises, percent: '', successive: '3' } })).toEqual({
    rises: { ...DEFAULT_RISES, percent: null, successive: 3 },
  });
});

test('the defaults are those of the server', () => {
  expect(DEFAULT_TOLERANCES).toEqual(OF_PLANNER);
  expect(DEFAULT_RISES).toEqual(DEFAULT_RISE_RULE);
});
