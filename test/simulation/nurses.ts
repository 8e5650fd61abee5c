import type pg from 'pg';
import { DomainError } from '../../src/platform/domain-error.js';
import { PatientsService } from '../../src/patients/patients.service.js';
import { SchedulesService } from '../../src/schedules/schedules.service.js';
import type { Chance } from './chance.js';
import { type Deed, findingOf, type ItemState, visitOf } from './histories.js';
import type { ProgramProcess } from './hospital.js';
import type { WorldClock } from './stepping.js';
import type { WardActs } from './ward-acts.js';

/** Nurses who enter events, and repeat entries whose outcome they do not know. */
export class Nurses {
  readonly figures = { deeds: 0, refused: 0 };
  /** The states of each item, from commit to commit. */
  readonly items = new Map<string, ItemState[]>();
  /** The number of started entries. */
  begun = 0;
  /** The planned entries, the next first. */
  private deeds: Deed[];
  /** For each item its planned exam; older planned exams are superseded. */
  private readonly visits = new Map<string, Deed>();
  private readonly patientIds = new Map<string, string>();
  private readonly mrns = new Map<string, string>();
  private readonly lastEvent = new Map<string, string>();
  private ended = false;

  constructor(
    private readonly scale: { readonly seed: number; readonly diligence: number },
    private readonly chance: Chance,
    private readonly clock: WorldClock,
    private readonly admin: pg.Client,
    histories: readonly Deed[],
    private readonly acts: WardActs,
  ) {
    this.deeds = [...histories].sort((a, b) => a.at - b.at);
  }

  /** The time of the next entry. */
  get next(): number {
    return this.deeds[0]?.at ?? Infinity;
  }

  /** There are no more events. */
  end(): void {
    this.deeds = this.deeds.filter(({ at }) => at <= this.clock.now);
    this.ended = true;
  }

  /** Records the committed state, and plans the exam. */
  async see(state: ItemState): Promise<void> {
    const { itemId, patientId } = state;
    this.items.set(itemId, [...(this.items.get(itemId) ?? []), state]);
    if (!this.mrns.has(patientId)) await this.mrnOf(patientId);
    const visit = visitOf(state, this.mrns.get(patientId)!, this.scale, this.clock.now);
    this.visits.delete(itemId);
    if (this.ended) return;
    if (visit) {
      this.visits.set(itemId, visit);
      this.insert(visit);
    }
    if (this.items.get(itemId)?.length === 1)
      for (const deed of this.acts.stepsOf(state, this.mrns.get(patientId)!)) this.insert(deed);
  }

  async enterDue(nurses: ProgramProcess): Promise<void> {
    for (;;) {
      const [deed] = this.deeds;
      if (!deed || deed.at > this.clock.now) return;
      if (deed.does === 'complete' && this.visits.get(deed.itemId) !== deed) {
        this.deeds.shift(); // the item has moved or ended since
        continue;
      }
      this.begun++;
      await this.enter(nurses, deed).catch((error: unknown) => {
        if (!(error instanceof DomainError)) throw error;
        this.figures.refused++;
      });
      this.figures.deeds++;
      this.deeds.splice(this.deeds.indexOf(deed), 1);
      // The next entry is a little later, so that the order of the entries is certain.
      await nurses.step('think', () => Promise.resolve(), {
        readyAt: this.clock.now + 1000 + this.chance.between(0, 20) * 1000,
      });
    }
  }

  private async enter(nurses: ProgramProcess, deed: Deed): Promise<void> {
    const { mrn } = deed;
    if (deed.does === 'act') return this.acts.enter(nurses, deed.act);
    if (deed.does === 'register') {
      const born = `19${this.chance.between(35, 80)}-05-05`;
      const patient = {
        mrn,
        name: `李敏${mrn}`,
        sex: 'female',
        birthDate: born,
        diagnosisDate: '2025-01-10',
      };
      const chosen = { policy: this.chance.is(0.5) ? { profile: 'minimal' } : undefined };
      const { patient: row } = await nurses.get(PatientsService).register({ ...patient, ...chosen } as never);
      this.patientIds.set(mrn, row.id);
      this.mrns.set(row.id, mrn);
      return;
    }
    const id = this.patientIds.get(mrn) ?? (await this.idOf(mrn));
    const schedules = nurses.get(SchedulesService);
    if (deed.does === 'complete') {
      const isActive = this.items.get(deed.itemId)?.at(-1)?.state === 'active';
      if (isActive) await schedules.complete(deed.itemId, findingOf(deed, this.scale.seed));
    } else if (deed.does === 'record') {
      const { event } = await schedules.recordEvent(id, deed.event as never);
      if (!this.lastEvent.has(mrn) || this.chance.is(0.3)) this.lastEvent.set(mrn, event.id);
    } else {
      const event = this.lastEvent.get(mrn);
      if (event !== undefined) await schedules.voidEvent(id, event, 'entered for somebody else');
    }
  }

  /** The id after a registration whose commit was not reported, because the process died. */
  private async idOf(mrn: string): Promise<string> {
    const { rows } = await this.admin.query<{ id: string }>('SELECT id FROM patient WHERE mrn = $1', [mrn]);
    const id = rows[0]!.id;
    this.patientIds.set(mrn, id);
    this.mrns.set(id, mrn);
    return id;
  }

  private async mrnOf(patientId: string): Promise<void> {
    const { rows } = await this.admin.query<{ mrn: string }>('SELECT mrn FROM patient WHERE id = $1', [
      patientId,
    ]);
    this.mrns.set(patientId, rows[0]!.mrn);
  }

  private insert(deed: Deed): void {
    let [low, high] = [0, this.deeds.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.deeds[middle]!.at <= deed.at) low = middle + 1;
      else high = middle;
    }
    this.deeds.splice(low, 0, deed);
  }
}
