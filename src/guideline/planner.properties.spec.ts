import fc from 'fast-check';
import {
  always,
  anyCase,
  CRLM,
  event,
  gridDate,
  isLive,
  isOpen,
  noItem,
  planOf,
  ruleOf,
  RUNS,
} from '../../test/support/any-history.js';
import { addDays, addMonths, toDayNumber } from './calendar.js';
import { CLOSING_EVENTS } from './facts.js';
import type { Period, Phase } from './guideline.js';
import { dayAt, longEnd, offsetOf, shortEnd } from './period.js';
import { type Plan, planSurveillance } from './planner.js';
import { statusOn } from './planned-item.js';

test('the order in which events were entered does not matter', () => {
  fc.assert(
    fc.property(
      anyCase.chain((given) =>
        fc.tuple(
          fc.constant(given),
          fc.shuffledSubarray([...given.patient.events], { minLength: given.patient.events.length }),
        ),
      ),
      ([given, events]) => {
        expect(planOf({ ...given, patient: { ...given.patient, events } })).toEqual(planOf(given));
      },
    ),
    { numRuns: RUNS },
  );
});

test('the same facts give the same plan, and a repeated event changes no date', () => {
  always((given, plan) => {
    const dates = ({ items }: Plan): string[] =>
      items.map(({ key, due, completedOn }) => `${key} ${due} ${completedOn ?? ''}`);
    const twice = {
      ...given,
      patient: { ...given.patient, events: [...given.patient.events, ...given.patient.events] },
    };

    expect(planOf(given)).toEqual(plan);
    expect(dates(planOf(twice))).toEqual(dates(plan));
  });
});

test('keys are unique, and items stand by due date and then activity', () => {
  always((_, { items }) => {
    const order = items.map(({ due, activity }) => `${due} ${activity}`);

    expect(new Set(items.map(({ key }) => key)).size).toBe(items.length);
    expect(order).toEqual([...order].sort());
  });
});

test('earliest, due and the first late day follow each other', () => {
  noItem(({ earliest, due, overdue }) => earliest > due || due >= overdue);
});

test('within a phase each interval lies in the range that the text states', () => {
  noItem(({ rule: id, sequence, phase, measuredFrom, ...item }, { plan }) => {
    const due = gridDate(item);
    const rule = CRLM.rules.find((one) => one.id === id);
    const before = plan.items.find(
      (one) => one.rule === id && one.measuredFrom === measuredFrom && one.sequence === sequence - 1,
    );
    // The previous item may be covered by another of that day, or belong to another phase.
    if (rule?.kind !== 'recurring' || (sequence > 1 && before?.phase !== phase)) return false;
    const printed: Phase = rule.phases[phase]!;
    if ('at' in printed || printed.every === 'clinician') return false;
    const { every } = printed;
    const since = before ? gridDate(before) : measuredFrom;
    // Counted from the clock, so up to three days different from a date counted from the previous one.
    return (
      toDayNumber(due) < dayAt(since, offsetOf(shortEnd(every))) - 3 ||
      toDayNumber(due) > dayAt(since, offsetOf(longEnd(every))) + 3
    );
  });
});

test('every date of a grid is counted from its clock in one step, in whole months or weeks', () => {
  noItem((item) => {
    const rule = ruleOf(item);
    if (rule.kind !== 'recurring') return false;
    const { measuredFrom } = item;
    const due = gridDate(item);
    if (item.pathway === 'crlm_conversion') return (toDayNumber(due) - toDayNumber(measuredFrom)) % 7 !== 0;
    const years = Number(due.slice(0, 4)) - Number(measuredFrom.slice(0, 4));
    const count = years * 12 + Number(due.slice(5, 7)) - Number(measuredFrom.slice(5, 7));
    return addMonths(measuredFrom, count) !== due;
  });
});

test('nothing chosen within the ranges of the text deviates from it', () => {
  noItem(({ deviates }) => deviates);
});

test('whatever the facts, nothing undone is due sooner than its rule allows', () => {
  noItem((item) => {
    const rule = ruleOf(item);
    if (item.completedOn !== null || rule.kind === 'recurring') return false;
    const period = rule.kind === 'chain' ? rule.cases[item.phase]!.due : rule.due;
    return toDayNumber(item.due) < dayAt(item.measuredFrom, offsetOf(period as Period));
  });
});

test('nothing falls due on or after the end of its pathway, unless it was done', () => {
  noItem(
    (item, { plan: { runs } }) =>
      item.completedOn === null &&
      !runs.some(
        ({ pathway, start, end }) =>
          pathway.id === item.pathway && start <= item.due && (end === null || item.due < end),
      ),
  );
});

test('nothing of a pathway that has ended is open', () => {
  noItem(
    (item, { asOf, plan: { runs } }) =>
      isOpen(item, asOf) &&
      !runs.some(
        ({ pathway, start, end }) => pathway.id === item.pathway && start <= item.due && end === null,
      ),
  );
});

test.each(CLOSING_EVENTS)('%s leaves nothing open', (type) => {
  always(({ patient, choices, asOf }) => {
    const events = [...patient.events, { type, date: asOf } as const];
    const { items } = planOf({ patient: { ...patient, events }, choices, asOf });

    expect(items.filter((item) => isOpen(item, asOf))).toEqual([]);
  });
});

test('at most one item of an activity is live on any day', () => {
  fc.assert(
    fc.property(anyCase, fc.integer({ min: 0, max: 4000 }), (given, ahead) => {
      const on = addDays(given.asOf, ahead);
      const live = planOf({ ...given, asOf: on }).items.filter((item) => !item.projected && isLive(item, on));
      const activities = live.map(({ activity }) => activity);

      expect(activities).toEqual([...new Set(activities)]);
    }),
    { numRuns: RUNS },
  );
});

test('at most one colonoscopy is open, and none while the patient is on no follow-up pathway', () => {
  always(({ asOf }, { items, runs }) => {
    const following = runs.some(({ pathway, end }) => pathway.id !== 'crlm_conversion' && end === null);
    const open = items.filter(
      (item) => item.activity === 'colonoscopy' && !item.projected && isOpen(item, asOf),
    );

    expect(open.length).toBeLessThanOrEqual(following ? 1 : 0);
  });
});

test('what is completed stays completed, on the same key and day, whatever happens later', () => {
  fc.assert(
    fc.property(anyCase, fc.array(event, { minLength: 1, maxLength: 4 }), (given, more) => {
      const later = more.map((fact) => ({
        ...fact,
        date: addDays(given.asOf, 1 + (toDayNumber(fact.date) % 700)),
      }));
      const asOf = addDays(given.asOf, 701);
      const after = planOf({
        ...given,
        asOf,
        patient: { ...given.patient, events: [...given.patient.events, ...later] },
      });
      const completed = ({ items }: Plan): string[] =>
        items
          .filter(({ completedOn }) => completedOn !== null)
          .map(({ key, completedOn }) => `${key} ${completedOn ?? ''}`);

      // An exam that includes another may replace both items once it is done.
      const included = new Set(
        after.items.flatMap(({ covers, due }) => covers.map((activity) => `${activity} ${due}`)),
      );
      const before = planOf(given);
      const kept = before.items.filter(({ activity, due }) => !included.has(`${activity} ${due}`));
      expect(completed(after)).toEqual(expect.arrayContaining(completed({ ...before, items: kept })));
    }),
    { numRuns: RUNS },
  );
});

test('no exam of one day completes two items of one rule', () => {
  always(({ patient }, { items }) => {
    const done = items.filter((item) => item.completedOn !== null && ruleOf(item).kind === 'recurring');
    const slots = done.map(({ rule, completedOn }) => `${rule} ${completedOn ?? ''}`);

    expect(patient.events.every(({ forDue }) => forDue === undefined)).toBe(true);
    expect(slots).toEqual([...new Set(slots)]);
  });
});

test('before enrolment nothing on a grid is late', () => {
  noItem(
    (item, { patient: { enrolledOn }, asOf }) =>
      enrolledOn !== undefined &&
      item.due < enrolledOn &&
      ruleOf(item).kind === 'recurring' &&
      !['before_enrolment', 'completed'].includes(statusOn(asOf, item)),
  );
});

test('a shorter horizon shows the beginning of the same plan', () => {
  always(({ patient, choices, asOf }, { items }) => {
    const until = addDays(asOf, 200);
    const short = planSurveillance(CRLM, patient, choices, { asOf, until }).items;

    expect(short.filter(({ due }) => due <= items.at(-1)!.due)).toEqual(
      items.filter(({ due }) => due <= until),
    );
  });
});
