import type { EventType } from '../calls/record.js';
import { factsOf, measuredIn, titleOf } from './event-facts.js';

const text = (zh: string, en: string) => ({ zh, en });
const TYPES: readonly EventType[] = [
  {
    type: 'operation',
    title: text('手术', 'operation'),
    startsPathway: true,
    recordsExams: false,
    fields: [
      {
        ...{ name: 'site', title: text('部位', 'Site'), required: true },
        values: [{ value: 'colon', title: text('结肠', 'colon') }],
      },
      { name: 'words', title: text('说明', 'Words'), required: false, values: null },
    ],
  },
  {
    type: 'scan',
    title: text('检查', 'examination'),
    startsPathway: false,
    recordsExams: true,
    fields: [
      {
        ...{ name: 'activity', title: text('项目', 'Activity'), required: true },
        values: [{ value: 'ct', title: text('CT', 'CT') }],
      },
      {
        ...{ name: 'outcome', title: text('结果', 'Result'), required: false },
        values: [{ value: 'normal', title: text('正常', 'normal') }],
      },
    ],
  },
];

test('an event is named by its type, an exam by what was examined', () => {
  expect(titleOf({ type: 'operation', site: 'colon' }, TYPES, 'zh')).toBe('手术');
  expect(titleOf({ type: 'scan', activity: 'ct', outcome: 'normal' }, TYPES, 'en')).toBe('CT');
  expect(titleOf({ type: 'other' }, TYPES, 'en')).toBe('other');
});

test('its fields are in words, free text as it is', () => {
  expect(factsOf({ type: 'operation', site: 'colon', words: 'T3' }, TYPES, 'zh')).toEqual(['结肠', 'T3']);
  expect(factsOf({ type: 'scan', activity: 'ct', outcome: 'normal' }, TYPES, 'en')).toEqual(['normal']);
});

test('values keep what was written before them', () => {
  const values = [{ code: 'CEA', comparator: '<' as const, value: 0.5, unit: 'ng/mL' }];
  expect(measuredIn({ values })).toEqual(['CEA <0.5 ng/mL']);
});
