import { type Mapping, MappingFile, readMappingFile } from './mapping-file.js';
import { mappingProblems } from './mapping-problems.js';

const file = (changed: object): Mapping =>
  MappingFile.parse({
    ...{ id: 'ward', version: '1.0.0', title: { zh: '对照表', en: 'mapping' } },
    patientNumber: { types: ['MR'] },
    exams: [{ code: 'CJ01', activity: 'colonoscopy' }],
    ...changed,
  });
const found = (changed: object) =>
  mappingProblems(file(changed), undefined).map(({ pointer, code }) => `${pointer} ${code}`);
const rule = (changed: object) => ({
  reports: [{ code: 'CJ01', when: [{ observation: 'A', is: ['1'] }], outcome: 'normal', ...changed }],
});

test('a file without problems', () => {
  expect(found(rule({}))).toEqual([]);
});

test.each([
  [
    'an activity that the guideline does not have',
    { exams: [{ code: 'X', activity: 'pet' }] },
    '/exams/0/activity not-allowed',
  ],
  ['an outcome of another activity', rule({ outcome: 'suspicious' }), '/reports/0/outcome not-allowed'],
  [
    'no outcome where the next date depends on it',
    rule({ outcome: undefined }),
    '/reports/0/outcome not-allowed',
  ],
  ['an outcome without a condition', rule({ when: [] }), '/reports/0/when required'],
  ['a rule about a code that is no exam', rule({ code: 'CJ02' }), '/reports/0/code unknown'],
  [
    'a range that is reversed',
    rule({ when: [{ observation: 'A', from: 3, to: 1 }] }),
    '/reports/0/when/0 contradiction',
  ],
  [
    'a value of what is missing',
    rule({ when: [{ observation: 'A', missing: true, is: ['1'] }] }),
    '/reports/0/when/0 contradiction',
  ],
  [
    'an undeclared measurement',
    { measurements: [{ code: 'A', measurement: 'AFP' }] },
    '/measurements/0/measurement not-allowed',
  ],
  ['a unit of no measurement', { units: [{ written: '克', unit: 'g' }] }, '/units/0/unit not-allowed'],
  [
    'a code twice',
    {
      exams: [
        { code: 'A', activity: 'colonoscopy' },
        { code: 'A', activity: 'mri_liver' },
      ],
    },
    '/exams/1/code named-twice',
  ],
  [
    'a code with 51 rules',
    { reports: Array.from({ length: 51 }, () => rule({}).reports[0]) },
    '/reports/50 too-many',
  ],
  [
    'an operation without its stage where no person can add it',
    {
      events: [
        {
          kind: 'procedure',
          code: '45.76',
          event: {
            type: 'primary_resection',
            site: 'colon',
            intent: 'curative',
            preoperativeColonoscopy: 'complete',
          },
        },
      ],
    },
    '/events/0/event/stage required',
  ],
  ['the name of the built-in mapping', { id: 'built-in' }, '/id taken'],
  ['no number of the patient', { patientNumber: { types: [] } }, '/patientNumber/types required'],
])('%s', (_, changed, problem) => {
  expect(found(changed)).toEqual([problem]);
});

test('a person adds missing fields in the inbox, but not a field that the event does not have', () => {
  const operation = (event: object) => ({
    uninterpreted: 'inbox',
    events: [{ kind: 'procedure', code: '45.76', event }],
  });
  expect(found(operation({ type: 'primary_resection', site: 'colon' }))).toEqual([]);
  expect(found(operation({ type: 'primary_resection', side: 'left' }))).toEqual([
    '/events/0/event/side unknown-field',
  ]);
});

test('a text that is no JSON, or no mapping, is named by its pointer', () => {
  expect(readMappingFile('{')).toMatchObject({ faults: [{ code: 'not-json' }] });
  expect(readMappingFile('{"id":"a"}')).toMatchObject({
    faults: expect.arrayContaining([expect.objectContaining({ pointer: '/patientNumber' })]),
  });
});
