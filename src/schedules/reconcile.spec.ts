import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { anyCase, type Case, CRLM, RUNS } from '../../test/support/any-history.js';
import { addDays, addMonths, type CalendarDate, calendarDate } from '../guideline/calendar.js';
import { comparePlans } from '../guideline/comparison.js';
import type { Plan } from '../guideline/planner.js';
import { NEVER, type PlannedItem } from '../guideline/planned-item.js';
import { DEFAULT_POLICY } from '../tenancy/policy/hospital-policy.js';
import { nextPlanning, planOf, type PlanTask, reachOf } from './plan-basis.js';
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

/** The stored items of one patient, and the input of the plan that stored them. */
class StoredItems {
  private byId = new Map<string, SurveillanceItem>();
  private basis: PlanTask | null = null;
  replanOn: CalendarDate | null = null;

  constructor(private readonly patientId = OWNER.patientId) {}

  get rows(): SurveillanceItem[] {
    return [...this.byId.values()];
  }

  /** The items of the stored plan, with and without a row. */
  schedule(): ItemRow[] {
    const computed = computedItems(this.rows, this.before(this.basis?.today), {
      ...OWNER,
      patientId: this.patientId,
    });
    return [...this.rows.filter(isOpenToOthers), ...computed];
  }

  replan({ patient, choices }: Case, today: CalendarDate): { plan: Plan; change: PlanDiff } {
    const until = reachOf(CRLM, patient, today);
    const task = { guideline: CRLM, choices, today, facts: patient, until };
    const plan = planOf(task);
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
    return planOf({ ...this.basis, until: reachOf(CRLM, this.basis.facts, today) }).items;
  }
}

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
    const { plan, change } = stored.replan(given, given.asOf);
    expect(shown(stored.schedule())).toEqual(shown(plan.items));
    expect(change).toEqual({ ...NO_CHANGE, added: plan.items.length, kept: 0 });
    expect(stored.replan(given, given.asOf).change).toEqual({ ...NO_CHANGE, kept: plan.items.length });
  });
});

test('completed items have a row, and so have those that open between the enrolment and 26 months ahead', () => {
  always((given) => {
    const stored = new StoredItems();
    const { plan } = stored.replan(given, given.asOf);
    const near = plan.items.filter(
      ({ earliest, completedOn, beforeEnrolment }) =>
        completedOn !== null || (!beforeEnrolment && earliest <= addMonths(given.asOf, 26)),
    );
    expect(shown(stored.rows)).toEqual(shown(near));
  });
});

test('a plan is computed again before an item due within 24 months lacks a row, and no item changes its id', () => {
  always((given) => {
    const stored = new StoredItems();
    stored.replan(given, given.asOf);
    const ids = new Map(stored.schedule().map(({ key, id }) => [key, id]));
    for (let times = 0; times < 6; times++) {
      const next = stored.replanOn;
      if (next === null) return;
      const dayBefore = addDays(next, -1);
      const open = planOf({
        ...{ guideline: CRLM, choices: given.choices, today: dayBefore, facts: given.patient },
        until: reachOf(CRLM, given.patient, dayBefore),
      }).items;
      const keys = new Set(stored.rows.map(({ key }) => key));
      const due = open.filter((item) => !item.beforeEnrolment && item.due <= lastStoredDay(dayBefore));
      expect(due.filter(({ key }) => !keys.has(key))).toEqual([]);

      stored.replan(given, next);
      for (const { key, id } of stored.schedule()) {
        expect(ids.get(key) ?? id).toBe(id);
        ids.set(key, id);
      }
      expect(new Set(ids.values()).size).toBe(ids.size);
      expect((stored.replanOn ?? NEVER) > next).toBe(true);
    }
  });
});

test('the plan diff counts items with and without a row, like a preview', () => {
  always((given) => {
    const events = given.patient.events.slice(0, -1);
    const earlier = { ...given, patient: { ...given.patient, events } };
    const [without, within] = [new StoredItems(), new StoredItems()];
    const before = without.replan(earlier, given.asOf).plan;
    const after = without.replan(given, given.asOf);
    const counts = { ...NO_CHANGE, kept: 0 };
    for (const { change } of comparePlans(before.items, after.plan.items)) counts[change]++;
    expect(after.change).toEqual(counts);

    within.replan(earlier, given.asOf);
    within.replan(given, given.asOf);
    const back = within.replan(earlier, given.asOf);
    expect(shown(within.schedule().filter(({ state }) => state === 'active'))).toEqual(
      shown(before.items.filter(({ completedOn }) => completedOn === null)),
    );
    expect(back.plan.items).toEqual(before.items);
  });
});

test('the passing of time adds, moves and cancels nothing, and a plan is computed again a few times a year', () => {
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
  stored.replan(given, given.asOf);
  let days = 0;
  while (stored.replanOn !== null && stored.replanOn < '2036-01-01') {
    days++;
    expect(stored.replan(given, stored.replanOn).change).toMatchObject(NO_CHANGE);
  }
  expect(days).toBeGreaterThan(3);
  expect(days).toBeLessThan(60);
});

test('a patient from whose id no item ids can be derived has a row for every item', () => {
  always((given) => {
    const stored = new StoredItems('5e0c7a1e-4a3a-4c59-8f5e-0b7c3a0a9d11');
    const { plan } = stored.replan(given, given.asOf);
    expect(shown(stored.rows)).toEqual(shown(plan.items));
    expect(stored.replan(given, given.asOf).change).toEqual({ ...NO_CHANGE, kept: plan.items.length });
  });
});

test('rows far ahead that an older version stored stay, with their ids', () => {
  always((given) => {
    const older = new StoredItems('5e0c7a1e-4a3a-4c59-8f5e-0b7c3a0a9d11');
    older.replan(given, given.asOf);
    const rows = older.rows.map((row) => ({ ...row, patientId: OWNER.patientId }));
    const today = addDays(given.asOf, 1);
    const plan = planOf({
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
