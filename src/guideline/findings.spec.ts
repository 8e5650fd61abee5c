import { expect, test } from '@jest/globals';
import { ACTIVITIES } from './activities.js';
import { calendarDate } from './calendar.js';
import { ACTIVITIES_WITH_FINDINGS, type Finding, findingFaults, findingsOf } from './findings.js';
import { reasonsInFindings, outcomesToJudge } from './review-reasons.js';
import { readExam } from './measured-exam.js';

const CT = 'ct_chest_abdomen_pelvis';
const faults = (finding: Finding, activity = CT) =>
  findingFaults(activity, [finding], {}).map(({ pointer, code }) => `${pointer} ${code}`);

test('only known activities have findings', () => {
  expect(ACTIVITIES_WITH_FINDINGS.filter((one) => !ACTIVITIES.some((known) => known === one))).toEqual([]);
  expect(findingsOf('constructor')).toEqual({});
});

test('a finding is checked by its kind, field by field', () => {
  expect(faults({ kind: 'liver_lesion', count: 2, largestMm: 14, segments: ['VII', 'VIII'] })).toEqual([]);
  expect(faults({ kind: 'liver_lesion' })).toEqual([]);
  expect(faults({ kind: 'liver_lesion', count: 0 })).toEqual(['/findings/0/count out-of-range']);
  expect(faults({ kind: 'liver_lesion', largestMm: 1.5 })).toEqual(['/findings/0/largestMm out-of-range']);
  expect(faults({ kind: 'liver_lesion', segments: ['IX'] })).toEqual(['/findings/0/segments not-allowed']);
  expect(faults({ kind: 'liver_lesion', segments: ['V', 'V'] })).toEqual([
    '/findings/0/segments not-allowed',
  ]);
  expect(faults({ kind: 'lung_nodule', side: 'up' })).toEqual(['/findings/0/side not-allowed']);
  expect(faults({ kind: 'lung_nodule', histology: 'x' })).toEqual(['/findings/0/histology unknown-field']);
  expect(faults({ kind: 'constructor' })).toEqual(['/findings/0/kind not-allowed']);
  expect(faults({ kind: 'polyp', histology: ['serrated'] }, 'colonoscopy')).toEqual([]);
  expect(faults({ kind: 'polyp' }, 'tumour_markers')).toEqual(['/findings not-allowed']);
});

const exam = (fields: object) => ({
  ...{ type: 'exam', date: calendarDate('2026-10-30'), activity: CT },
  ...fields,
});
const READ = { guideline: {}, limits: {}, howToConfirm: 'confirm-in-body' } as const;

test('an outcome other than the expected one has to be judged, and so have some findings', () => {
  expect(outcomesToJudge(CT, {})).toEqual(['suspicious', 'inconclusive']);
  expect(reasonsInFindings(exam({ outcome: 'normal' }), {})).toEqual([]);
  expect(
    reasonsInFindings(
      exam({
        outcome: 'suspicious',
        findings: [{ kind: 'benign_liver_lesion' }, { kind: 'lung_nodule' }, { kind: 'lung_nodule' }],
      }),
      {},
    ),
  ).toEqual([
    { because: 'outcome', code: 'suspicious' },
    { because: 'finding', code: 'lung_nodule' },
  ]);
});

test('after an incomplete colonoscopy the plan asks for another, and nothing is to be judged', () => {
  const done = (finding: string) => ({ type: 'colonoscopy', date: calendarDate('2026-10-30'), finding });
  expect(reasonsInFindings(done('incomplete'), {})).toEqual([]);
  expect(reasonsInFindings(done('abnormal'), {})).toEqual([{ because: 'outcome', code: 'abnormal' }]);
});

test('an activity that a protocol declares is judged by its own outcomes', () => {
  const guideline = {
    activities: {
      pet: {
        title: { zh: 'PET', en: 'PET' },
        outcomes: ['clear', 'uptake', 'aborted'] as const,
        notDone: ['aborted'],
      },
    },
  };
  expect(outcomesToJudge('pet', guideline)).toEqual(['uptake']);
});

test('a finding to be judged with the expected outcome needs a confirmation', () => {
  const contradictory = exam({ outcome: 'normal', findings: [{ kind: 'extra' }, { kind: 'liver_lesion' }] });
  expect(readExam(contradictory, [], READ)).toMatchObject({ faults: [{ pointer: '/findings/0/kind' }] });
  const doubted = readExam(exam({ outcome: 'normal', findings: [{ kind: 'liver_lesion' }] }), [], READ);
  expect(doubted).toMatchObject({
    doubts: [{ pointer: '/findings/0/kind', code: 'contradicts-outcome' }],
    toJudge: [{ because: 'finding', code: 'liver_lesion' }],
  });
  const benign = exam({ outcome: 'normal', findings: [{ kind: 'benign_liver_lesion' }] });
  expect(readExam(benign, [], READ)).toMatchObject({ doubts: [], toJudge: [] });
});
