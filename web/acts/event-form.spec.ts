import type { EventType } from '../calls/record.js';
import { eventOf } from './event-form.js';

const text = { zh: '', en: '' };
const field = (name: string, required: boolean) => ({ name, required, title: text, values: null });
const TYPE: EventType = {
  ...{ type: 'operation', title: text, startsPathway: true, recordsExams: false },
  fields: [field('site', true), field('words', false)],
};

test('an event is complete with its day and every required field', () => {
  expect(eventOf(undefined, '2026-03-10', {})).toBeUndefined();
  expect(eventOf(TYPE, '', { site: 'colon' })).toBeUndefined();
  expect(eventOf(TYPE, '2026-03-10', { site: ' ' })).toBeUndefined();
  expect(eventOf(TYPE, '2026-03-10', { site: ' colon ', words: '', left: 'x' })).toEqual({
    ...{ type: 'operation', date: '2026-03-10', site: 'colon' },
  });
});
