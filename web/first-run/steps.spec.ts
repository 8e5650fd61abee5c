import { doneSteps, nextStep, presentStep } from './steps.js';

const BEGUN = { people: 1, hasPatients: false, setUpAt: null, secondFactor: false };

test('a first run that was left continues with the first step that is not done', () => {
  expect(presentStep(undefined, BEGUN)).toBe('yourself');
  expect(presentStep(undefined, { ...BEGUN, secondFactor: true })).toBe('colleagues');
  expect(presentStep(undefined, { ...BEGUN, secondFactor: true, people: 3 })).toBe('roster');
  expect(presentStep(undefined, { ...BEGUN, secondFactor: true, people: 3, hasPatients: true })).toBe(
    'policy',
  );
});

test('a step can be passed over and opened by its address', () => {
  expect(presentStep('policy', BEGUN)).toBe('policy');
  expect(presentStep('nonsense', BEGUN)).toBe('yourself');
  expect([nextStep('colleagues'), nextStep('policy')]).toEqual(['roster', 'policy']);
});

test('the steps that are done are those whose facts are there', () => {
  expect(doneSteps({ ...BEGUN, people: 2 })).toEqual(['hospital', 'colleagues']);
});
