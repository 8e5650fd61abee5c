import type pg from 'pg';
import { addDays, calendarDate } from '../../src/guideline/calendar.js';
import { CLOSING_EVENTS } from '../../src/guideline/facts.js';
import { itemETag } from '../../src/schedules/item-etag.js';
import { programIn } from '../../src/tenancy/caller.js';
import { HospitalScope } from '../../src/tenancy/hospital-scope.js';
import { ListsService } from '../../src/worklist/lists/lists.service.js';
import { Handovers } from '../../src/worklist/handovers/handovers.service.js';
import { Workloads } from '../../src/worklist/ownership/workloads.service.js';
import { ItemStepsService } from '../../src/worklist/steps/item-steps.service.js';
import { Chance, digestOf } from './chance.js';
import { DAY, dayOf, type Deed, type ItemState } from './histories.js';
import type { ProgramProcess } from './hospital.js';

/** What a nurse does about an item besides recording its exam; or a handover from one nurse to another one. */
export type WardAct = { readonly number: number; readonly days: number } & (
  | { readonly kind: 'defer' | 'decline' | 'contraindicate' | 'reopen'; readonly itemId: string }
  | { readonly kind: 'hand over'; readonly from: number; readonly firstDay: string }
);

const NURSES = [
  ...['00000000-0000-7000-8000-000000000001', '00000000-0000-7000-8000-000000000002'],
  '00000000-0000-7000-8000-000000000003',
];

/** Their entries. Each has a name of its own in the records, so that a lost or a doubled one is found. */
export class WardActs {
  readonly figures = { itemSteps: 0, handovers: 0 };
  /** The names of the entries that were answered. */
  private readonly accepted = new Set<string>();
  /** What the nurse had read. An entry whose outcome is unknown is repeated with it. */
  private readonly read = new Map<WardAct, string>();
  private count = 0;

  constructor(
    private readonly scale: { readonly seed: number; readonly acts: number },
    private readonly clock: { readonly now: number },
    private readonly hospitalId: string,
  ) {}

  /** Registers nurses, who hand over their patients every month or so. */
  async handovers(admin: pg.Client, from: number, to: number): Promise<Deed[]> {
    if (this.scale.acts === 0) return [];
    await admin.query(
      `INSERT INTO person (id, hospital_id, login, name, roles, language, created_by, created_at)
       SELECT id, $1, 'nurse' || n, 'nurse ' || n, '{nurse}', 'zh', 'simulation', program_now()
         FROM unnest($2::uuid[]) WITH ORDINALITY AS nurse (id, n)`,
      [this.hospitalId, NURSES],
    );
    const chance = new Chance(digestOf('handovers', this.scale.seed));
    const deeds: Deed[] = [];
    for (let at = from + 5 * DAY; at < to; at += chance.between(5, 40) * DAY) {
      const act = { kind: 'hand over', from: chance.between(0, 2), firstDay: dayOf(at) } as const;
      deeds.push({ at, mrn: '', does: 'act', act: { ...act, ...this.next(chance.between(0, 3)) } });
    }
    return deeds;
  }

  /** One or two steps about some of the items, each when it is seen for the first time. */
  stepsOf(item: ItemState, mrn: string): Deed[] {
    const chance = new Chance(digestOf(`steps ${mrn} ${item.key}`, this.scale.seed));
    if (item.state !== 'active' || item.beforeEnrolment || !chance.is(this.scale.acts)) return [];
    let at = Date.parse(`${item.due}T09:00:00+08:00`) + chance.between(-15, 30) * DAY;
    return Array.from({ length: chance.between(1, 2) }, (): Deed => {
      const kind = chance.of(['defer', 'defer', 'decline', 'contraindicate', 'reopen'] as const);
      const act = { kind, itemId: item.itemId, ...this.next(chance.between(1, 30)) };
      at = Math.max(at, this.clock.now) + chance.between(1, 40) * DAY;
      return { at, mrn, does: 'act', act };
    });
  }

  private next = (days: number): { number: number; days: number } => ({ number: this.count++, days });

  async enter(program: ProgramProcess, act: WardAct): Promise<void> {
    const name = `act ${act.number}`;
    const roles = ['nurse', 'head_nurse', 'clinician'] as const;
    const caller = { ...programIn(this.hospitalId), id: name, name, roles };
    await program.get(HospitalScope).run(caller, () => this.carryOut(program, act));
    this.accepted.add(name);
    this.figures[act.kind === 'hand over' ? 'handovers' : 'itemSteps']++;
  }

  private async carryOut(program: ProgramProcess, act: WardAct): Promise<void> {
    const inDays = (days: number) => addDays(calendarDate(dayOf(this.clock.now)), days);
    if (act.kind === 'hand over') {
      const firstDay = calendarDate(act.firstDay);
      const days = { firstDay, lastDay: addDays(firstDay, act.days) };
      const [from, to] = [NURSES[act.from]!, NURSES[(act.from + 1) % 3]!];
      await program.get(Handovers).create({ from, to, ...days });
      return;
    }
    const steps = program.get(ItemStepsService);
    const ifMatch = this.read.get(act) ?? itemETag((await steps.get(act.itemId)).item);
    this.read.set(act, ifMatch);
    const call = { itemId: act.itemId, ifMatch };
    const until = inDays(act.days);
    if (act.kind === 'defer') await steps.defer(call, { until, reason: 'away' });
    else if (act.kind === 'decline') await steps.decline(call, { askAgainOn: until, reason: 'cost' });
    else if (act.kind === 'contraindicate') await steps.contraindicate(call, { until, reason: 'implant' });
    else await steps.reopen(call, undefined);
  }

  /** Every violation in words: entries that were lost or doubled, and what has not returned. */
  async breaches(admin: pg.Client, doctor: ProgramProcess): Promise<string[]> {
    const { rows } = await admin.query<{ author: string; count: number }>(
      `SELECT author, count(*)::integer AS count
         FROM (SELECT author FROM item_step UNION ALL SELECT author FROM handover) AS entry GROUP BY author`,
    );
    const recorded = new Set(rows.map(({ author }) => author));
    const today = dayOf(this.clock.now);
    return [
      ...[...this.accepted].filter((name) => !recorded.has(name)).map((name) => `lost: ${name}`),
      ...rows.filter(({ count }) => count > 1).map(({ author, count }) => `${count} times: ${author}`),
      ...(await differingItems(admin)),
      ...(await notReturned(admin, doctor, {
        list: 'returned',
        steps: ['deferred', 'contraindicated'],
        today,
      })),
      ...(await notReturned(admin, doctor, { list: 'ask_again', steps: ['declined'], today })),
      ...(await standIns(doctor)),
    ];
  }
}

/** Open items of patients who are followed up, and that are not where their last step has left them. */
async function differingItems(admin: pg.Client): Promise<string[]> {
  const { rows } = await admin.query<{ id: string; is: string | null; was: string | null }>(
    `SELECT i.id, i.step || ' ' || coalesce(i.step_until::text, '') AS is, l.step || ' ' || coalesce(l.until::text, '') AS was
       FROM surveillance_item i LEFT JOIN LATERAL (
              SELECT nullif(s.to_position, 'to_book') AS step, s.to_until AS until FROM item_step s
               WHERE s.hospital_id = i.hospital_id AND s.item_id = i.id AND s.undone_at IS NULL ORDER BY s.number DESC LIMIT 1) AS l ON true
      WHERE i.state = 'active' AND NOT EXISTS (
              SELECT FROM clinical_event e WHERE e.hospital_id = i.hospital_id AND e.patient_id = i.patient_id
                 AND e.voided_at IS NULL AND e.type = ANY ($1))
        AND (i.step IS DISTINCT FROM l.step OR i.step_until IS DISTINCT FROM l.until)`,
    [CLOSING_EVENTS],
  );
  return rows.map(({ id, is, was }) => `the item ${id} is ${is}, and its last step was ${was}`);
}

async function notReturned(
  admin: pg.Client,
  doctor: ProgramProcess,
  wanted: {
    readonly list: 'returned' | 'ask_again';
    readonly steps: readonly string[];
    readonly today: string;
  },
): Promise<string[]> {
  const { list, steps, today } = wanted;
  const { rows } = await admin.query<{ id: string }>(
    `SELECT id FROM surveillance_item WHERE state = 'active' AND step = ANY ($1) AND step_until <= $2::date`,
    [steps, today],
  );
  const listed = new Set<string>();
  const lists = doctor.get(ListsService);
  for (let after: Parameters<ListsService['items']>[0]['after']; ;) {
    const page = await doctor.inHospital(() => lists.items({ list, limit: 500, after }));
    for (const { item } of page.rows) listed.add(item.id);
    if (page.last === null) break;
    after = page.last;
  }
  return [
    ...rows.filter(({ id }) => !listed.has(id)).map(({ id }) => `not on the list ${list}: ${id}`),
    ...(listed.size > rows.length
      ? [`${listed.size} items on the list ${list}, ${rows.length} due back`]
      : []),
  ];
}

/** All handovers are over at the end. */
async function standIns(doctor: ProgramProcess): Promise<string[]> {
  const { workloads } = await doctor.inHospital(() => doctor.get(Workloads).all());
  return workloads
    .filter(({ standIn }) => standIn !== null)
    .map(({ person, standIn }) => `${person.name} is still away until ${standIn!.until}`);
}
