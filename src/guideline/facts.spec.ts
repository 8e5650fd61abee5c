import { addDays, calendarDate } from './calendar.js';
import { rendered } from './message.js';
import { GUIDELINE_MESSAGES } from './messages.js';
import { faultsOf } from './fact-faults.js';
import { byTime, type ClinicalFact, type ClinicalEventType, hasValues, type PatientFacts } from './facts.js';

const today = calendarDate('2026-11-01');
const birthDate = calendarDate('1960-05-17');
const diagnosisDate = calendarDate('2024-01-10');
const fact = (type: ClinicalEventType, date: string): ClinicalFact => ({ type, date: calendarDate(date) });
const faults = (...events: ClinicalFact[]): { pointer: string; code: string }[] =>
  faultsOf({ birthDate, diagnosisDate, events }, today, {}).map(({ pointer, code }) => ({ pointer, code }));
/** The problems in English. */
const worded = (facts: PatientFacts): { message: string }[] =>
  faultsOf(facts, today, {}).map((one) => ({
    ...one,
    message: rendered(one.message, 'en', GUIDELINE_MESSAGES),
  }));

test('an event of today is allowed, one of tomorrow is not', () => {
  expect(faults(fact('recurrence', today))).toEqual([]);
  expect(faults(fact('recurrence', addDays(today, 1)))).toEqual([
    { pointer: '/events/0/date', code: 'date-in-future' },
  ]);
});

test('no event lies before birth', () => {
  expect(faults(fact('exam', birthDate))).toEqual([]);
  expect(faults(fact('exam', addDays(birthDate, -1)))).toEqual([
    { pointer: '/events/0/date', code: 'before-birth' },
  ]);
});

test('no event lies after death; those of the same day may', () => {
  expect(faults(fact('death', '2025-01-01'), fact('exam', '2025-01-01'))).toEqual([]);
  expect(faults(fact('exam', '2025-01-02'), fact('death', '2025-01-01'))).toEqual([
    { pointer: '/events/0/date', code: 'after-death' },
  ]);
});

test('the diagnosis lies between birth and today', () => {
  const codes = (diagnosed: string, born = '1960-05-17'): string[] =>
    faultsOf(
      { birthDate: calendarDate(born), diagnosisDate: calendarDate(diagnosed), events: [] },
      today,
      {},
    ).map(({ code }) => code);

  expect(codes('2024-01-10')).toEqual([]);
  expect(codes('1960-05-16')).toEqual(['before-birth']);
  expect(codes('2026-11-02')).toEqual(['date-in-future']);
  expect(codes('2026-11-03', '2026-11-02')).toEqual(['date-in-future', 'date-in-future']);
});

test('the enrolment lies between birth and today', () => {
  const codes = (enrolledOn: string): { pointer: string; code: string }[] =>
    faultsOf({ birthDate, diagnosisDate, enrolledOn: calendarDate(enrolledOn), events: [] }, today, {}).map(
      ({ pointer, code }) => ({ pointer, code }),
    );

  expect(codes(today)).toEqual([]);
  expect(codes(addDays(today, 1))).toEqual([{ pointer: '/enrolledOn', code: 'date-in-future' }]);
  expect(codes(addDays(birthDate, -1))).toEqual([{ pointer: '/enrolledOn', code: 'before-birth' }]);
});

test('every problem is reported, not only the first', () => {
  expect(faults(fact('exam', '2030-01-01'), fact('exam', '1950-01-01'))).toHaveLength(2);
});

test('on one day a line of conversion therapy ends before the next starts, and NED comes after the recurrence', () => {
  const day = '2024-05-01';
  const sameDay = [
    fact('death', day),
    fact('liver_ned', day),
    fact('conversion_therapy_started', day),
    fact('conversion_therapy_ended', day),
    fact('recurrence', day),
    fact('exam', '2024-04-30'),
  ];

  expect(sameDay.sort(byTime).map(({ type }) => type)).toEqual([
    'exam',
    'recurrence',
    'conversion_therapy_ended',
    'conversion_therapy_started',
    'liver_ned',
    'death',
  ]);
});

test('two facts of one type and day have one order, whichever was recorded first', () => {
  const first = { ...fact('colonoscopy', '2024-05-01'), finding: 'normal' };
  const second = { ...fact('colonoscopy', '2024-05-01'), finding: 'abnormal' };

  expect([first, second].sort(byTime)).toEqual([second, first].sort(byTime));
});

test('a fact matches when every named field has a listed value', () => {
  const resection = { ...fact('primary_resection', '2024-01-31'), stage: 'II', intent: 'curative' };

  expect(hasValues(resection, undefined)).toBe(true);
  expect(hasValues(resection, { stage: ['II', 'III'], intent: ['curative'] })).toBe(true);
  expect(hasValues(resection, { stage: ['II'], intent: ['palliative'] })).toBe(false);
  expect(hasValues(resection, { site: ['colon'] })).toBe(false);
});

test('each problem has a message and the pointer to its field', () => {
  const born = calendarDate('2026-11-02');
  expect(worded({ birthDate: born, diagnosisDate: calendarDate('2026-11-03'), events: [] })).toEqual([
    { pointer: '/birthDate', code: 'date-in-future', message: '2026-11-02 lies after 2026-11-01.' },
    { pointer: '/diagnosisDate', code: 'date-in-future', message: '2026-11-03 lies after 2026-11-01.' },
  ]);
  expect(worded({ birthDate, diagnosisDate: calendarDate('1960-05-16'), events: [] })).toEqual([
    {
      pointer: '/diagnosisDate',
      code: 'before-birth',
      message: '1960-05-16 lies before the birth on 1960-05-17.',
    },
  ]);
  const events = [
    fact('death', '2025-02-01'),
    fact('death', '2025-01-01'),
    { ...fact('exam', '2025-01-02'), activity: 'mri_liver' },
    fact('recurrence', '2026-12-01'),
    fact('exam', '1960-05-16'),
  ];
  expect(worded({ birthDate, diagnosisDate, events })).toEqual([
    {
      pointer: '/events/0/date',
      code: 'after-death',
      message: 'death on 2025-02-01 lies after the death on 2025-01-01: correct whichever date is wrong.',
    },
    {
      pointer: '/events/2/date',
      code: 'after-death',
      message: 'liver MRI on 2025-01-02 lies after the death on 2025-01-01: correct whichever date is wrong.',
    },
    {
      pointer: '/events/3/date',
      code: 'date-in-future',
      message: 'recurrence on 2026-12-01 lies after 2026-11-01: an event is recorded once it has happened.',
    },
    {
      pointer: '/events/3/date',
      code: 'after-death',
      message:
        'recurrence on 2026-12-01 lies after the death on 2025-01-01: correct whichever date is wrong.',
    },
    {
      pointer: '/events/4/date',
      code: 'before-birth',
      message: 'examination on 1960-05-16 lies before the birth on 1960-05-17.',
    },
  ]);
});

test('a problem names the event as the guideline does, in the language of the reader', () => {
  const scan = { type: 'scan', date: addDays(birthDate, -1) };
  const guideline = { events: { scan: { title: { zh: '骨扫描', en: 'bone scan' } } } };
  const [fault] = faultsOf({ birthDate, diagnosisDate, events: [scan] }, today, guideline);
  expect(rendered(fault!.message, 'zh', GUIDELINE_MESSAGES)).toBe(
    '骨扫描的日期 1960-05-16 早于出生日期 1960-05-17。',
  );
});

test('born, diagnosed and examined today is no contradiction', () => {
  expect(
    faultsOf({ birthDate: today, diagnosisDate: today, events: [fact('exam', today)] }, today, {}),
  ).toEqual([]);
});

test('declared types come after the known ones, in the order of their declaration', () => {
  const own = ['second', 'first'];
  const day = '2024-05-01';
  const events = ['first', 'death', 'second', 'exam'].map((type) => ({ type, date: calendarDate(day) }));
  const sorted = (list: typeof events): string[] =>
    list.toSorted((a, b) => byTime(a, b, own)).map(({ type }) => type);
  expect(sorted(events)).toEqual(sorted(events.toReversed()));
  expect(sorted(events).filter((type) => own.includes(type))).toEqual(own);
});

test('the order of the fields of an event has no meaning', () => {
  const day = calendarDate('2024-05-01');
  const a = { type: 'colonoscopy', date: day, finding: 'normal', note: 'x' };
  const b = { note: 'x', finding: 'normal', date: day, type: 'colonoscopy' };
  const later = { type: 'colonoscopy', date: day, finding: 'zzz' };
  expect(byTime(a, b)).toBe(0);
  expect([Math.sign(byTime(a, later)), Math.sign(byTime(later, a))]).toEqual([-1, 1]);
  expect([Math.sign(byTime(b, later)), Math.sign(byTime(later, b))]).toEqual([-1, 1]);
});
