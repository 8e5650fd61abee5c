import { describe, expect, test } from '@jest/globals';
import { calendarDate as day } from './calendar.js';
import type { ClinicalFact } from './facts.js';
import { survivalDates } from './survival.js';

const RESECTED: ClinicalFact = {
  ...{ type: 'primary_resection', date: day('2024-02-01'), site: 'colon', stage: 'III', intent: 'curative' },
};
const at = (type: string, date: string, fields: object = {}): ClinicalFact => ({
  type,
  date: day(date),
  ...fields,
});
const of = (events: readonly ClinicalFact[], seenOn = '2026-05-10') =>
  survivalDates({ diagnosisDate: day('2024-01-10'), events }, day(seenOn));

describe('survival dates', () => {
  test('are censored on the day on which the patient was last known to live', () => {
    expect(of([RESECTED])).toEqual({
      ...{ lastKnownAliveOn: '2026-05-10', diedOn: null },
      overall: { from: '2024-01-10', status: 'censored', date: '2026-05-10', event: null },
      recurrenceFree: { from: '2024-02-01', status: 'censored', date: '2026-05-10', event: null },
    });
  });

  test('end with a recurrence, and overall survival with death of any cause', () => {
    const events = [
      at('death', '2026-01-03'),
      at('recurrence', '2025-03-04'),
      at('recurrence', '2025-09-01'),
      RESECTED,
    ];
    expect(of(events, '2025-12-30')).toEqual({
      ...{ lastKnownAliveOn: '2026-01-03', diedOn: '2026-01-03' },
      overall: { from: '2024-01-10', status: 'event', date: '2026-01-03', event: 'death' },
      recurrenceFree: { from: '2024-02-01', status: 'event', date: '2025-03-04', event: 'recurrence' },
    });
    expect(of([RESECTED, at('death', '2026-01-03')]).recurrenceFree).toMatchObject({
      ...{ status: 'event', date: '2026-01-03', event: 'death' },
    });
  });

  test('count from the day free of disease: a resection at stage IV, or a palliative one, does not begin it', () => {
    expect(of([{ ...RESECTED, stage: 'IV' }]).recurrenceFree).toBeNull();
    expect(of([{ ...RESECTED, intent: 'palliative' }]).recurrenceFree).toBeNull();
    const ned = at('liver_ned', '2024-06-01', { by: 'resection' });
    expect(of([{ ...RESECTED, stage: 'IV' }, ned]).recurrenceFree).toMatchObject({ from: '2024-06-01' });
  });

  test('take a metastasis after that day as a relapse, and one found with the tumour as none', () => {
    const metastasis = (date: string) =>
      of([RESECTED, at('liver_metastasis_diagnosed', date)]).recurrenceFree;
    expect(metastasis('2024-02-01')).toMatchObject({ status: 'censored' });
    expect(metastasis('2024-02-02')).toMatchObject({ status: 'event', date: '2024-02-02' });
  });

  test('no interval ends before it begins', () => {
    expect(of([RESECTED], '2024-01-15').recurrenceFree).toMatchObject({
      from: '2024-02-01',
      date: '2024-02-01',
    });
  });
});
