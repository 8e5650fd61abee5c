import fc from 'fast-check';
import { addDays, calendarDate, toDayNumber } from '../../src/guideline/calendar.js';
import { statusOn } from '../../src/guideline/planned-item.js';
import { withheldAbout } from '../../src/patients/consent.js';
import { isAllowed } from '../../src/patients/consents.service.js';
import { CHANNELS } from '../../src/patients/patient-consent.entity.js';
import { ITEM_STATUSES } from '../../src/schedules/item-view.js';
import { ESCALATED_TO, escalatedTo } from '../../src/schedules/reminder-calendar.js';
import { HospitalScope } from '../../src/tenancy/hospital-scope.js';
import { ReminderPolicy, rulesFor } from '../../src/tenancy/policy/reminder-policy.js';
import { givenItem, givenPatient, type ItemRow } from '../support/builders.js';
import { nextHospital, type ReminderHospital } from '../support/reminder-hospital.js';

// Rules that exist twice, in TypeScript and in SQL: both must agree on every item and day.

let t: ReminderHospital;
beforeEach(async () => {
  t = await nextHospital(t);
});
afterAll(() => t.close());

const TODAY = calendarDate('2026-03-10');
// Items of before the enrolment have no row: the worklist refuses the status.
const LISTED_STATUSES = ITEM_STATUSES.filter((status) => status !== 'before_enrolment');
const ACTIVITIES = ['chest-ct', 'colonoscopy', 'tumour_markers'];

const escalations = fc.option(
  fc
    .tuple(fc.integer({ min: 0, max: 30 }), fc.integer({ min: 1, max: 30 }))
    .map(([first, more]) => ({ responsibleNurseAfterDays: first, headNurseAfterDays: first + more })),
);
const policies = fc
  .record({
    escalation: escalations,
    activities: fc.dictionary(
      fc.constantFrom(...ACTIVITIES),
      fc.record({ escalation: escalations }, { requiredKeys: [] }),
      {
        maxKeys: 2,
      },
    ),
  })
  .map((policy) => ReminderPolicy.parse(policy));

/** The days of one item, counted from today. */
const items = fc.array(
  fc.record({
    activity: fc.constantFrom(...ACTIVITIES),
    due: fc.integer({ min: -90, max: 40 }),
    grace: fc.integer({ min: 1, max: 60 }),
    missed: fc.option(fc.integer({ min: 0, max: 80 })),
    beforeEnrolment: fc.boolean(),
    isDone: fc.boolean(),
  }),
  { minLength: 1, maxLength: 12 },
);

async function listed(query: string): Promise<string[]> {
  const { status, body } = await t.get(`/worklist?limit=100&${query}`);
  expect(status).toBe(200);
  return (body.items as { id: string }[]).map(({ id }) => id).sort();
}

test('the worklist finds by SQL the status and the escalation of an item that the core computes', async () => {
  const { id: patientId } = await givenPatient(t);
  await fc.assert(
    fc.asyncProperty(policies, items, async (policy, drawn) => {
      await t.dataSource.query('DELETE FROM surveillance_item');
      await t.dataSource.query(`UPDATE hospital SET policy = jsonb_set(policy, '{reminders}', $1)`, [
        JSON.stringify(policy),
      ]);
      const rows: ItemRow[] = [];
      for (const { activity, due: offset, grace, missed, beforeEnrolment, isDone } of drawn) {
        const due = addDays(TODAY, offset);
        const overdue = addDays(due, grace);
        const missedOn = missed === null ? null : addDays(overdue, missed);
        const item = await givenItem(t, { patientId, activity, due, overdue, missedOn });
        const completedOn = isDone ? due : null;
        await t.dataSource.query(
          `UPDATE surveillance_item SET next_reminder_on = NULL, before_enrolment = $2, state = $3, completed_on = $4 WHERE id = $1`,
          [item.id, beforeEnrolment, isDone ? 'completed' : 'active', completedOn],
        );
        rows.push({ ...item, beforeEnrolment, completedOn });
      }
      const idsOf = (holds: (row: ItemRow) => boolean): string[] =>
        rows
          .filter(holds)
          .map(({ id }) => id)
          .sort();
      for (const status of LISTED_STATUSES)
        expect([status, await listed(`status=${status}`)]).toEqual([
          status,
          idsOf((row) => statusOn(TODAY, row) === status),
        ]);
      for (const who of ESCALATED_TO)
        expect([who, await listed(`escalatedTo=${who}`)]).toEqual([
          who,
          idsOf(
            (row) =>
              statusOn(TODAY, row) === 'overdue' &&
              escalatedTo(toDayNumber(TODAY) - toDayNumber(row.overdue), rulesFor(policy, row.activity)) ===
                who,
          ),
        ]);
    }),
    { numRuns: 12 },
  );
});

test('SQL withholds messages about exactly the patients whose newest consent forbids them', async () => {
  const scope = t.app.get(HospitalScope);
  const consents = fc.array(
    fc.record({
      channel: fc.constantFrom(...CHANNELS),
      decision: fc.constantFrom('given' as const, 'withdrawn' as const),
    }),
    { maxLength: 6 },
  );
  await fc.assert(
    fc.asyncProperty(consents, async (recorded) => {
      const { id } = await givenPatient(t);
      for (const { channel, decision } of recorded)
        await t.dataSource.query(
          `INSERT INTO patient_consent (id, hospital_id, patient_id, channel, decision, decided_on, author)
           VALUES (gen_random_uuid(), $1, $2, $3, $4, $5, 'Li Min')`,
          [t.hospitalId, id, channel, decision, TODAY],
        );
      const withheld = await scope.run(t.hospitalId, () => scope.unaudited((tx) => withheldAbout(tx, [id])));
      expect(withheld.has(id)).toBe(!isAllowed('webhook', recorded.toReversed()));
    }),
    { numRuns: 25 },
  );
});
