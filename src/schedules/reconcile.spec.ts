import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { anyCase, type Case, CRLM, RUNS } from '../../test/support/any-history.js';
import { addDays, addMonths, type CalendarDate, calendarDate } from '../guideline/calendar.js';
import { comparePlans } from '../guideline/comparison.js';
import { type Plan, planSurveillance } from '../guideline/planner.js';
import { NEVER, type PlannedItem } from '../guideline/planned-item.js';
import { DEFAULT_POLICY } from '../tenancy/policy/hospital-policy.js';
import { nextPlanning, type PlanTask, reachOf } from './plan-basis.js';
import { computedItems, isOpenToOthers, type ItemRow } from './planned-row.js';
import { type PlanDiff, reconcile } from './reconcile.js';
import { lastStoredDay } from './stored-window.js';
import type { SurveillanceItem } from './surveillance-item.entity.js';

const OWNER = {
  hospitalId: '019ac8f0-0000-7000-8000-000000000000',
  patientId: '019ac8f0-1c00-7abc-9def-0123456789ab',
  guideline: 'crlm-cn-2025@1.1.0',
};
const { reminders } = DEFAULT_POLICY;

/** The rows of one patient's items, and the plan by which they were stored. */
class StoredItems {
  private byId = new Map<string, SurveillanceItem>();
  private basis: PlanTask | null = null;
  replanOn: CalendarDate | null = null;

  constructor(private readonly patientId = OWNER.patientId) {}

  get rows(): SurveillanceItem[] {
    return [...this.byId.values()];
  }

  /** What the stored plan holds on that day, whether it has a row or not. */
  whole(): ItemRow[] {
    const computed = computedItems(this.rows, this.before(this.basis?.today), {
      ...OWNER,
      patientId: this.patientId,
    });
    return [...this.rows.filter(isOpenToOthers), ...computed];
  }

  draw({ patient, choices }: Case, today: CalendarDate): { plan: Plan; change: PlanDiff } {
    const until = reachOf(CRLM, patient, today);
    const task = { guideline: CRLM, choices, today, facts: patient, until };
    const plan = drawn(task);
    const { insert, update, change } = reconcile(this.rows, plan, {
      ...{ ...OWNER, patientId: this.patientId, today, reminders, remindersBefore: reminders },
      ...{ causeEventId: null, before: this.before(today) },
    });
    for (const row of [...insert, ...update.map(([, after]) => after)])
      this.byId.set(row.id, { ...row, changedAt: new Date(0) });
    this.basis = task;
    this.replanOn = nextPlanning(plan, task, this.patientId);
    return { plan, change };
  }

  private before(today: CalendarDate | undefined): readonly PlannedItem[] {
    if (this.basis === null || today === undefined) return [];
    return drawn({ ...this.basis, until: reachOf(CRLM, this.basis.facts, today) }).items;
  }
}

const drawn = ({ guideline, facts, choices, today, until }: PlanTask): Plan =>
  planSurveillance(guideline, facts, choices, { asOf: today, until });

const shown = (items: readonly (ItemRow | PlannedItem)[]): string[] =>
  items
    .map(({ key, earliest, due, overdue, completedOn }) =>
      [key, earliest, due, overdue, completedOn].join(' '),
    )
    .sort();

const NO_CHANGE = { added: 0, moved: 0, cancelled: 0 };
const always = (property: (given: Case) => void): void =>
  fc.assert(fc.property(anyCase, property), { numRuns: Math.ceil(RUNS / 2) });

test('rows and computed items together are the plan', () => {
  always((given) => {
    const stored = new StoredItems();
    const { plan, change } = stored.draw(given, given.asOf);
    expect(shown(stored.whole())).toEqual(shown(plan.items));
    expect(change).toEqual({ ...NO_CHANGE, added: plan.items.length, kept: 0 });
    expect(stored.draw(given, given.asOf).change).toEqual({ ...NO_CHANGE, kept: plan.items.length });
  });
});

test('what is done has a row, and what opens within 26 months or has opened since the enrolment', () => {
  always((given) => {
    const stored = new StoredItems();
    const { plan } = stored.draw(given, given.asOf);
    const near = plan.items.filter(
      ({ earliest, completedOn, beforeEnrolment }) =>
        completedOn !== null || (!beforeEnrolment && earliest <= addMonths(given.asOf, 26)),
    );
    expect(shown(stored.rows)).toEqual(shown(near));
  });
});

test('a plan is drawn up again before an item due within 24 months has no row, and no item changes its id', () => {
  always((given) => {
    const stored = new StoredItems();
    stored.draw(given, given.asOf);
    const ids = new Map(stored.whole().map(({ key, id }) => [key, id]));
    for (let times = 0; times < 6; times++) {
      const next = stored.replanOn;
      if (next === null) return;
      const dayBefore = addDays(next, -1);
      const open = drawn({
        ...{ guideline: CRLM, choices: given.choices, today: dayBefore, facts: given.patient },
        until: reachOf(CRLM, given.patient, dayBefore),
      }).items;
      const keys = new Set(stored.rows.map(({ key }) => key));
      const due = open.filter((item) => !item.beforeEnrolment && item.due <= lastStoredDay(dayBefore));
      expect(due.filter(({ key }) => !keys.has(key))).toEqual([]);

      stored.draw(given, next);
      for (const { key, id } of stored.whole()) {
        expect(ids.get(key) ?? id).toBe(id);
        ids.set(key, id);
      }
      expect(new Set(ids.values()).size).toBe(ids.size);
      expect((stored.replanOn ?? NEVER) > next).toBe(true);
    }
  });
});

test('a change counts over the whole plan, as a preview does', () => {
  always((given) => {
    const events = given.patient.events.slice(0, -1);
    const earlier = { ...given, patient: { ...given.patient, events } };
    const [without, within] = [new StoredItems(), new StoredItems()];
    const before = without.draw(earlier, given.asOf).plan;
    const after = without.draw(given, given.asOf);
    const counts = { ...NO_CHANGE, kept: 0 };
    for (const { change } of comparePlans(before.items, after.plan.items)) counts[change]++;
    expect(after.change).toEqual(counts);

    within.draw(earlier, given.asOf);
    within.draw(given, given.asOf);
    const back = within.draw(earlier, given.asOf);
    expect(shown(within.whole().filter(({ state }) => state === 'active'))).toEqual(
      shown(before.items.filter(({ completedOn }) => completedOn === null)),
    );
    expect(back.plan.items).toEqual(before.items);
  });
});

test('time alone adds, moves and cancels nothing, and draws a plan up some times a year', () => {
  const patient = {
    birthDate: calendarDate('1960-05-05'),
    diagnosisDate: calendarDate('2026-01-10'),
    events: [
      {
        ...{ type: 'primary_resection', date: calendarDate('2026-01-31'), stage: 'III', intent: 'curative' },
        preoperativeColonoscopy: 'complete',
      } as const,
    ],
  };
  const given: Case = {
    patient,
    choices: {
      profile: 'intensive',
      liverImaging: 'ct',
      rules: { colonoscopy: { by: 'hospital', offFrom: patient.diagnosisDate } },
    },
    asOf: calendarDate('2026-02-01'),
  };
  const stored = new StoredItems();
  stored.draw(given, given.asOf);
  let days = 0;
  while (stored.replanOn !== null && stored.replanOn < '2036-01-01') {
    days++;
    expect(stored.draw(given, stored.replanOn).change).toMatchObject(NO_CHANGE);
  }
  expect(days).toBeGreaterThan(3);
  expect(days).toBeLessThan(60);
});

test('a patient from whose id none can be derived has rows of all items, as before', () => {
  always((given) => {
    const stored = new StoredItems('5e0c7a1e-4a3a-4c59-8f5e-0b7c3a0a9d11');
    const { plan } = stored.draw(given, given.asOf);
    expect(shown(stored.rows)).toEqual(shown(plan.items));
    expect(stored.draw(given, given.asOf).change).toEqual({ ...NO_CHANGE, kept: plan.items.length });
  });
});

test('rows that an older version stored far ahead stay, with their ids', () => {
  always((given) => {
    const older = new StoredItems('5e0c7a1e-4a3a-4c59-8f5e-0b7c3a0a9d11');
    older.draw(given, given.asOf);
    const rows = older.rows.map((row) => ({ ...row, patientId: OWNER.patientId }));
    const today = addDays(given.asOf, 1);
    const plan = drawn({
      ...{ guideline: CRLM, choices: given.choices, today, facts: given.patient },
      until: reachOf(CRLM, given.patient, today),
    });
    const { insert, update } = reconcile(rows, plan, {
      ...{ ...OWNER, today, reminders, remindersBefore: reminders, causeEventId: null, before: [] },
    });
    const known = new Set(rows.map(({ key }) => key));
    expect(insert.filter(({ key }) => known.has(key))).toEqual([]);
    for (const [before, after] of update) expect(after.id).toBe(before.id);
  });
});
