import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { calendarDate } from '../guideline/calendar.js';
import { faultsOf } from '../guideline/fact-faults.js';
import type { ClinicalFact } from '../guideline/facts.js';
import type { ClinicalEvent } from './clinical-event.entity.js';
import { detailOf } from './clinical-event-input.js';
import { EventHistory, factKey, MOST_EVENTS, MOST_TURNS } from './event-history.js';

const today = calendarDate('2026-11-01');
const patient = { birthDate: calendarDate('2000-01-10') };

const eventOf = (fact: ClinicalFact): ClinicalEvent => ({
  ...{ id: '', hospitalId: '', patientId: '', type: fact.type, date: fact.date, detail: detailOf(fact) },
  ...{
    toJudge: null,
    confirmedBy: null,
    copiedFrom: null,
    recordedAt: new Date(0),
    voidedAt: null,
    voidedBy: null,
    voidReason: null,
  },
  ...{ judgedAt: null, resultOf: null, seenAt: null, seenBy: null, recordedBy: null },
});

const day = fc
  .constantFrom('2000-01-09', '2000-01-10', '2010-01-01', '2010-01-02', '2026-11-01', '2026-11-02')
  .map(calendarDate);
const facts = fc.record({ type: fc.constantFrom('death', 'recurrence', 'exam'), date: day });

test('a history takes one more event exactly when the whole of it would not contradict itself', () => {
  fc.assert(
    fc.property(fc.array(facts, { maxLength: 12 }), (given) => {
      const history = new EventHistory(patient);
      const taken: ClinicalFact[] = [];
      for (const fact of given) {
        const whole = { ...patient, diagnosisDate: patient.birthDate, events: [...taken, fact] };
        const codes = new Set(faultsOf(whole, today, {}).map(({ code }) => code));
        const found = history.faultsWith(fact, today);
        expect(new Set(found.map(({ code }) => code))).toEqual(codes);
        if (found.length > 0) continue;
        taken.push(fact);
        history.add(eventOf(fact));
      }
    }),
  );
});

test('a fact is the same in whatever order its fields and values are written, and another with one of them changed', () => {
  const date = calendarDate('2026-01-05');
  const [cea, ca199] = [
    { code: 'CEA', value: 2.1, unit: 'ng/mL' },
    { unit: 'U/mL', value: 9, code: 'CA19-9' },
  ];
  const given = {
    ...{ type: 'exam', date, activity: 'tumour_markers', outcome: 'normal' },
    values: [cea, ca199],
  };
  const history = new EventHistory(patient, [eventOf(given)]);
  const { code, value, unit } = ca199;
  expect(
    history.same({
      ...{ values: [{ code, value, unit }, cea], outcome: 'normal', activity: 'tumour_markers' },
      ...{ date, type: 'exam', id: 'of another row', confirmed: true },
    }),
  ).toBeDefined();
  const others = [
    { ...given, type: 'colonoscopy' },
    { ...given, date: today },
    { ...given, outcome: 'suspicious' },
    { ...given, values: [cea] },
    { ...given, values: [cea, { ...ca199, value: 10 }] },
    { ...given, site: 'lung' },
  ];
  for (const other of others) expect([other, history.same(other)]).toEqual([other, undefined]);
  expect(new Set([given, ...others].map(factKey)).size).toBe(1 + others.length);
});

test('one death before all that is recorded names some of it', () => {
  const recorded = Array.from({ length: 90 }, (_, index) =>
    eventOf({ type: 'recurrence', date: today, site: `${index}` }),
  );
  const history = new EventHistory(patient, recorded);
  const faults = history.faultsWith({ type: 'death', date: calendarDate('2020-01-01') }, today);
  expect(faults.length).toBeGreaterThan(0);
  expect(faults.length).toBeLessThanOrEqual(20);
});

test('a history has limits: of all events, and of those that are no examination', () => {
  const history = new EventHistory(patient);
  const [exam, recurrence] = [{ type: 'exam' }, { type: 'recurrence' }];
  const add = (type: string, count: number): void => {
    for (let index = 0; index < count; index++) history.add(eventOf({ type, date: today, site: `${index}` }));
  };
  add('recurrence', MOST_TURNS - 1);
  expect(history.limitReached(recurrence)).toBeNull();
  add('liver_ned', 1);
  expect([recurrence, exam].map((one) => history.limitReached(one))).toEqual([MOST_TURNS, null]);
  add('exam', MOST_EVENTS - MOST_TURNS - 1);
  expect(history.limitReached(exam)).toBeNull();
  add('colonoscopy', 1);
  expect([recurrence, exam].map((one) => history.limitReached(one))).toEqual([MOST_EVENTS, MOST_EVENTS]);
});
