import { afterAll, beforeEach, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { addDays, calendarDate, type CalendarDate } from '../../src/guideline/calendar.js';
import { NEVER, statusOn } from '../../src/guideline/planned-item.js';
import { HospitalScope } from '../../src/tenancy/hospital-scope.js';
import { ITEM_STEPS } from '../../src/schedules/surveillance-item.entity.js';
import { urgentDay } from '../../src/schedules/urgent-day.js';
import {
  isByDate,
  ITEM_LISTS,
  type ItemList,
  listsOf,
  placeIn,
} from '../../src/worklist/lists/list-membership.js';
import type { ListFilter } from '../../src/worklist/lists/list-filter.js';
import { rests } from '../../src/worklist/lists/list-sources.js';
import { OvertakenItems } from '../../src/worklist/lists/overtaken-items.js';
import { ListSettings } from '../../src/worklist/settings/list-settings.js';
import type { TestApp } from '../support/app.js';
import { givenItem, givenPatient, type ItemRow } from '../support/builders.js';
import { inSize, ofDepartment, SIZES } from '../support/list-in-size.js';
import { nextApp } from '../support/next-app.js';

// Rules that exist twice, in TypeScript and in SQL: both must put the same items into the same lists in the same order.

let t: TestApp;
beforeEach(async () => {
  t = await nextApp(t, { clock: '2026-03-10T10:00:00+08:00', role: 'api' });
});
afterAll(() => t.close());

const TODAY = calendarDate('2026-03-10');
const SETTINGS = ListSettings.parse({});
const ACTIVITIES = ['tumour_markers', 'colonoscopy'];
const RULES = ['ct', 'mr'];

/** One item; the days are counted from today. */
const items = fc.array(
  fc.record({
    patient: fc.integer({ min: 0, max: 2 }),
    activity: fc.constantFrom(...ACTIVITIES),
    rule: fc.constantFrom(...RULES),
    due: fc.integer({ min: -120, max: 60 }),
    grace: fc.option(fc.integer({ min: 1, max: 100 })),
    missed: fc.option(fc.integer({ min: 0, max: 80 })),
    answersFinding: fc.boolean(),
    beforeEnrolment: fc.boolean(),
    state: fc.constantFrom('active' as const, 'active' as const, 'active' as const, 'completed' as const),
    step: fc.option(fc.constantFrom(...ITEM_STEPS)),
    stepOn: fc.integer({ min: -20, max: 20 }),
    stepUntil: fc.option(fc.integer({ min: -5, max: 5 })),
  }),
  { minLength: 1, maxLength: 14 },
);
type Drawn = typeof items extends fc.Arbitrary<(infer One)[]> ? One : never;

const RETURNING: readonly string[] = ['deferred', 'contraindicated', 'declined'];

async function stored(patientIds: readonly string[], drawn: readonly Drawn[]): Promise<ItemRow[]> {
  await t.dataSource.query('DELETE FROM surveillance_item');
  const rows: ItemRow[] = [];
  for (const { patient, activity, rule, due: offset, grace, missed, state, ...one } of drawn) {
    const due = addDays(TODAY, offset);
    const overdue = grace === null ? NEVER : addDays(due, grace);
    const missedOn = missed === null || grace === null ? null : addDays(overdue, missed);
    const isOpen = state === 'active';
    const step = isOpen ? one.step : null;
    const isReturning = step !== null && RETURNING.includes(step);
    const item = await givenItem(t, {
      patientId: patientIds[patient]!,
      activity,
      rule,
      due,
      overdue,
      missedOn,
    });
    const changed = {
      state,
      step,
      beforeEnrolment: one.beforeEnrolment,
      urgentOn: urgentDay({ due, overdue, answersFinding: one.answersFinding }),
      completedOn: isOpen ? null : due,
      stepOn: step === null || isReturning ? null : addDays(TODAY, one.stepOn),
      stepUntil: isReturning && one.stepUntil !== null ? addDays(TODAY, one.stepUntil) : null,
    };
    await t.dataSource.query(
      `UPDATE surveillance_item SET next_reminder_on = NULL, before_enrolment = $2, state = $3, completed_on = $4, step = $5,
              step_on = $6, step_until = $7, urgent_on = $8 WHERE id = $1`,
      [
        ...[item.id, changed.beforeEnrolment, state, changed.completedOn, step],
        ...[changed.stepOn, changed.stepUntil, changed.urgentOn],
      ],
    );
    rows.push({ ...item, ...changed });
  }
  return rows;
}

const compared = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** All were tried. One rests after it, the others have rested. */
const contacted = (patientIds: readonly string[], resting: string | undefined): Promise<unknown> =>
  t.dataSource.query(
    `INSERT INTO patient_contact (hospital_id, patient_id, rests_until)
     SELECT $1, id, CASE WHEN id = $3 THEN $4::date + 1 ELSE $4::date END FROM unnest($2::uuid[]) AS tried (id)
     ON CONFLICT (hospital_id, patient_id) DO UPDATE SET rests_until = excluded.rests_until`,
    [t.hospitalId, patientIds, resting, TODAY],
  );

/** The ids of the list's items in its order, as the pure rules have it. */
function expected(list: ItemList, rows: readonly ItemRow[], resting: string | undefined): ItemRow[] {
  const place = (row: ItemRow): CalendarDate => placeIn(list, row);
  return rows
    .filter((row) => listsOf(row, TODAY, SETTINGS).includes(list))
    .filter(({ patientId }) => !rests(list) || patientId !== resting)
    .sort(
      (a, b) =>
        compared(place(a), place(b)) ||
        (list === 'this_week' ? 0 : compared(a.patientId, b.patientId)) ||
        compared(a.id, b.id),
    );
}

interface Row {
  readonly id: string;
  readonly patient: { readonly id: string };
  readonly items: readonly { readonly id: string; readonly inList: boolean }[];
}

/** All rows of all pages, of so many rows each. */
async function listed(query: string, limit = 2): Promise<Row[]> {
  const rows: Row[] = [];
  for (let cursor = ''; ;) {
    const { status, body } = await t.get(`/worklist?limit=${limit}&${query}${cursor}`);
    expect(status).toBe(200);
    rows.push(...(body.items as Row[]));
    if (body.nextCursor === null) return rows;
    cursor = `&cursor=${body.nextCursor as string}`;
  }
}

/** The lists that may be much longer than what a filter leaves of them. */
const BY_DATE = ITEM_LISTS.filter(isByDate);

/** Filters of one list, and whose items they leave. */
const FILTERS: readonly [ListFilter, readonly number[]][] = [
  [{}, [0, 1, 2]],
  [{ ward: '3' }, [0, 2]],
  [{ ward: '3', group: '一组' }, [2]],
  [{ department: 'A' }, [0]],
  [{ department: 'C' }, []],
  [{ distanceFrom: 50, distanceTo: 81 }, [0, 2]],
  [{ distanceTo: 80 }, [0]],
  [{ assignee: 'wang' }, [0]],
];

/** Filters by where patients are, and the places of the patients whom they leave. */
const PLACES: readonly [string, readonly number[]][] = [
  ['ward=3', [0, 2]],
  [`group=${encodeURIComponent('二组')}`, [0]],
  ['ward=3&distanceFrom=50&distanceTo=80', [0]],
  ['distanceFrom=82', []],
];

test('each list holds by SQL the items that the pure rules put into it, in the same order, on every page once', async () => {
  const nurse = { responsibleNurse: 'Wang' };
  const patientIds = [
    (await givenPatient(t, { ...nurse, department: 'A', ward: '3', group: '二组', distanceKm: 80 })).id,
    (await givenPatient(t)).id,
    (await givenPatient(t, { department: 'B', ward: '3', group: '一组', distanceKm: 81 })).id,
  ];
  await fc.assert(
    fc.asyncProperty(
      items,
      fc.boolean(),
      fc.constantFrom(...ACTIVITIES),
      fc.constantFrom(...BY_DATE, ...ITEM_LISTS),
      fc.constantFrom(undefined, 0, 1, 2),
      async (drawn, marks, activity, long, nth) => {
        const rows = await stored(patientIds, drawn);
        const resting = nth === undefined ? undefined : patientIds[nth];
        await contacted(patientIds, resting);
        if (marks) await t.app.get(HospitalScope).run(t.hospitalId, () => t.app.get(OvertakenItems).mark());
        const { body: lists } = await t.get('/lists');
        for (const list of ITEM_LISTS) {
          const wanted = expected(list, rows, resting);
          const ids = (of: readonly ItemRow[]): string[] => of.map(({ id }) => id);
          const shown = await listed(`list=${list}&view=items`);
          expect([list, shown.map(({ id }) => id)]).toEqual([list, ids(wanted)]);
          const patients = [...new Set(wanted.map(({ patientId }) => patientId))];
          const onePerPatient = await listed(`list=${list}`);
          expect([list, onePerPatient.map(({ patient }) => patient.id)]).toEqual([list, patients]);
          for (const { patient, items: open } of onePerPatient)
            expect([
              list,
              open
                .filter(({ inList }) => inList)
                .map(({ id }) => id)
                .sort(),
            ]).toEqual([list, ids(wanted.filter(({ patientId }) => patientId === patient.id)).sort()]);
          const { count } = (lists.lists as { list: string; count: object }[]).find(
            (named) => named.list === list,
          )!;
          expect([list, count]).toEqual([
            list,
            { patients: patients.length, items: wanted.length, more: false },
          ]);
          const narrowed = await listed(
            `list=${list}&view=items&owner=wang&department=A&activity=${activity}`,
          );
          expect([list, narrowed.map(({ id }) => id)]).toEqual([
            list,
            ids(wanted.filter((row) => row.patientId === patientIds[0] && row.activity === activity)),
          ]);
          if (!isByDate(list)) {
            const ofActivity = await listed(`list=${list}&view=items&activity=${activity}`, 20);
            expect([list, ofActivity.map(({ id }) => id)]).toEqual([
              list,
              ids(wanted.filter((row) => row.activity === activity)),
            ]);
          }
          if (list === long) {
            const shownTo = [
              [t.hospitalId, [0, 1, 2]],
              [ofDepartment(t, 'A'), [0, 1]],
            ] as const;
            for (const [caller, sees] of shownTo)
              for (const [filter, leaves] of FILTERS)
                for (const rule of [undefined, rows[0]?.rule])
                  for (const size of SIZES) {
                    const there = wanted.filter((row) => {
                      const n = patientIds.indexOf(row.patientId);
                      return (
                        leaves.includes(n) &&
                        sees.some((seen) => seen === n) &&
                        (rule === undefined || row.rule === rule)
                      );
                    });
                    const about = [list, filter, rule, size];
                    expect([about, await inSize(t, caller, list, { ...filter, rule }, size)]).toEqual([
                      about,
                      { items: ids(there), patients: [...new Set(there.map(({ patientId }) => patientId))] },
                    ]);
                  }
          }
          for (const [filter, who] of PLACES) {
            const there = await listed(`list=${list}&view=items&${filter}`);
            expect([list, filter, there.map(({ id }) => id)]).toEqual([
              ...[list, filter],
              ids(wanted.filter(({ patientId }) => who.includes(patientIds.indexOf(patientId)))),
            ]);
          }
        }
        for (const status of [
          'overdue',
          'due',
          'upcoming',
          'missed',
          'completed',
          'due,upcoming',
          'overdue,due',
        ]) {
          const wanted = rows
            .filter((row) => status.split(',').includes(statusOn(TODAY, row)))
            .sort((a, b) => compared(a.due, b.due) || compared(a.id, b.id));
          for (const [filter, holds] of [
            ['', () => true],
            [`&activity=${activity}`, (row: ItemRow) => row.activity === activity],
            ['&assignee=wang', ({ patientId }: ItemRow) => patientId === patientIds[0]],
            ['&ward=3&distanceFrom=81', ({ patientId }: ItemRow) => patientId === patientIds[2]],
          ] as const) {
            const shown = await listed(`status=${status}${filter}`, 5);
            expect([status, filter, shown.map(({ id }) => id)]).toEqual([
              ...[status, filter],
              wanted.filter(holds).map(({ id }) => id),
            ]);
          }
        }
      },
    ),
    { numRuns: Number(process.env['PROPERTY_RUNS'] ?? 4) },
  );
}, 180_000);

test('an item with a step is on the lists of the place where its patient is, also after the patient has moved', async () => {
  const { id: patientId } = await givenPatient(t, { ward: '3', department: 'A', distanceKm: 80 });
  const item = await givenItem(t, {
    patientId,
    activity: 'colonoscopy',
    due: TODAY,
    overdue: NEVER,
    missedOn: null,
  });
  const stepped = (step: string | null, on: CalendarDate | null): Promise<unknown> =>
    t.dataSource.query(
      'UPDATE surveillance_item SET next_reminder_on = NULL, step = $2, step_on = $3 WHERE id = $1',
      [item.id, step, on],
    );
  const there = async (filter: string): Promise<string[]> =>
    (await listed(`list=not_attended&view=items&${filter}`)).map(({ id }) => id);
  await stepped('not_attended', addDays(TODAY, -1));
  expect(await there('ward=3&department=A&distanceTo=80')).toEqual([item.id]);
  const scope = t.app.get(HospitalScope);
  await scope.run(t.hospitalId, () =>
    scope.transaction(({ db }) =>
      db.query(
        `UPDATE patient SET ward = '4', department = 'B', care_group = '二组', distance_km = NULL WHERE id = $1`,
        [patientId],
      ),
    ),
  );
  expect(await there('ward=3')).toEqual([]);
  expect(await there('distanceTo=80')).toEqual([]);
  expect(await there(`ward=4&department=B&group=${encodeURIComponent('二组')}`)).toEqual([item.id]);
  await stepped(null, null);
  const [kept] = await t.dataSource.query<unknown[]>(
    'SELECT step_ward, step_department, step_group, step_km FROM surveillance_item WHERE id = $1',
    [item.id],
  );
  expect(kept).toEqual({ step_ward: null, step_department: null, step_group: null, step_km: null });
});

test('a rule is any text, also one that another value of the statement has', async () => {
  for (const rule of [t.hospitalId, TODAY, "'"])
    for (const list of ['overdue', 'booked', 'to_judge'])
      expect([rule, list, await listed(`list=${list}&rule=${encodeURIComponent(rule)}`)]).toEqual([
        rule,
        list,
        [],
      ]);
});
