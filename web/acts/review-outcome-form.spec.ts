import { expect, test } from '@jest/globals';
import { outcomeOf, NOTHING_JUDGED } from './review-outcome-form.js';

test('nothing is sent before a judgement is chosen, or while a number is missing', () => {
  expect(outcomeOf(NOTHING_JUDGED)).toBeNull();
  expect(outcomeOf({ ...NOTHING_JUDGED, judgement: 'repeat_in_weeks', weeks: '' })).toBeNull();
});

test('each judgement takes its own fields, and leaves out what was typed for another', () => {
  const typed = { ...NOTHING_JUDGED, weeks: '6', date: '2026-11-01', site: ' S7 ', by: 'resection' };
  expect(outcomeOf({ ...typed, judgement: 'no_action' })).toEqual({ judgement: 'no_action' });
  expect(outcomeOf({ ...typed, judgement: 'repeat_in_weeks' })).toEqual({
    ...{ judgement: 'repeat_in_weeks', followUp: { weeks: 6 } },
  });
  expect(outcomeOf({ ...typed, judgement: 'recurrence' })).toEqual({
    ...{ judgement: 'recurrence', followUp: { date: '2026-11-01', site: 'S7' } },
  });
  expect(outcomeOf({ ...typed, judgement: 'ned' })).toEqual({
    ...{ judgement: 'ned', followUp: { date: '2026-11-01', by: 'resection' } },
  });
});

test('without a day, no evidence of disease records no event', () => {
  expect(outcomeOf({ ...NOTHING_JUDGED, judgement: 'ned', by: 'resection' })).toEqual({ judgement: 'ned' });
});
