import type { EventType } from '../calls/guidelines.js';
import { firstPatient, inventedOf, newEvent, type TypedEvent } from './invented.js';

const title = { zh: '', en: '' };
const TYPES: readonly EventType[] = [
  { type: 'visit', title, startsPathway: false, recordsExams: false, fields: [] },
  {
    ...{ type: 'operation', title, startsPathway: true, recordsExams: false },
    fields: [
      {
        name: 'stage',
        title,
        required: true,
        values: [
          { value: 'I', title },
          { value: 'II', title },
        ],
      },
      { name: 'note', title, required: false, values: null },
    ],
  },
];

test('the first example has an event that starts a follow-up, a year ago', () => {
  expect(firstPatient(TYPES, '2026-11-03')).toMatchObject({
    events: [{ type: 'operation', date: '2025-11-03', fields: { stage: 'I' } }],
    diagnosisDate: '2025-10-20',
  });
});

test('fields of another type and empty ones are not sent', () => {
  const typed = firstPatient(TYPES, '2026-11-03');
  const events: readonly TypedEvent[] = [
    { ...newEvent(TYPES[1]!, 1, '2025-11-03'), fields: { stage: 'II', note: '' } },
    { ...newEvent(TYPES[0]!, 2, '2026-01-05'), fields: { stage: 'II' } },
  ];
  expect(inventedOf({ ...typed, events }, TYPES, ['a@1.0.0'])).toMatchObject({
    guidelines: ['a@1.0.0'],
    events: [
      { type: 'operation', date: '2025-11-03', stage: 'II' },
      { type: 'visit', date: '2026-01-05' },
    ],
  });
});
