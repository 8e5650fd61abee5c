import fc from 'fast-check';
import { addDays, calendarDate } from '../../src/guideline/calendar.js';
import type { Role } from '../../src/tenancy/caller.js';
import type { Answer, TestApp } from './app.js';
import { as, givenPerson } from './signed-in.js';
import { answered } from './ward.js';
import { type ListedPatient, listedPatient, todayOf } from './whole-ward.js';

/** One thing that a member of the ward tries. The numbers choose among what there is at that moment. */
export interface Act {
  readonly kind: (typeof KINDS)[number];
  readonly by: number;
  readonly patient: number;
  readonly item: number;
  readonly days: number;
  readonly flag: boolean;
}

const KINDS = [
  ...(['book', 'book', 'move', 'attended', 'not_attended', 'cancelled_by_patient', 'cancelled_by_hospital'] as const),
  ...(['defer', 'defer', 'decline', 'contraindicate', 'reopen', 'undo', 'undo', 'complete', 'complete'] as const),
  ...(['judge', 'see', 'contact', 'death', 'void', 'name owner', 'hand over', 'end handover'] as const),
  ...(['disable', 'enable', 'register', 'merge', 'undo merge', 'bulk'] as const),
]; // oxfmt-ignore

const act: fc.Arbitrary<Act> = fc.record({
  kind: fc.constantFrom(...KINDS),
  by: fc.nat(2),
  patient: fc.nat(20),
  item: fc.nat(20),
  days: fc.integer({ min: 1, max: 5 }),
  flag: fc.boolean(),
});

/** What happens on each of seven days. */
export const randomWeek = fc.array(fc.array(act, { minLength: 3, maxLength: 14 }), {
  ...{ minLength: 7, maxLength: 7 },
});

interface Appointment {
  readonly id: string;
  readonly outcome: string | null;
}

const REASONS: Readonly<Record<string, string>> = {
  defer: 'away',
  decline: 'cost',
  contraindicate: 'implant',
};
/** A refusal that names what is wrong; anything else would be an error of the program. */
const REFUSED = [403, 404, 409, 412, 422];

type Handlers = Readonly<Record<Act['kind'], (act: Act) => Promise<Answer | null>>>;

/** A small ward in which random things happen. Its people act by keys, because sessions end overnight. */
export class RandomWard {
  /** The ids of the items about which something was tried. */
  readonly touched = new Set<string>();
  /** The ids of the patients in whose records a merge had a part. */
  readonly merged = new Set<string>();
  /** How many acts of each kind were carried out. */
  readonly done = new Map<string, number>();
  private readonly mrns: string[] = [];
  private readonly handovers: string[] = [];
  private readonly mergeIds: string[] = [];
  private readonly deaths: { readonly patientId: string; readonly eventId: string }[] = [];
  private readonly people: string[] = [];
  private nurses: Record<string, string>[] = [];
  private clinician: Record<string, string> = {};
  head: Record<string, string> = {};

  constructor(private readonly t: TestApp) {}

  async open(patients: number): Promise<void> {
    this.head = await this.keyOf('head_nurse');
    this.clinician = await this.keyOf('clinician');
    for (let count = 0; count < 3; count++) {
      this.nurses.push(await this.keyOf('nurse'));
      this.people.push((await givenPerson(this.t, { roles: ['nurse'] })).id);
    }
    // Of the last resort, who is never disabled.
    await givenPerson(this.t, { roles: ['head_nurse'] });
    for (let count = 0; count < patients; count++) await this.register(this.people[count % 4] ?? null);
  }

  /** Carries the act out; a refusal is an answer too. Throws on any other answer. */
  async act(one: Act): Promise<void> {
    const answer = await this.handlers[one.kind](one);
    if (answer === null) return;
    const { status, body } = answer;
    if (status < 300) this.done.set(one.kind, (this.done.get(one.kind) ?? 0) + 1);
    else if (!REFUSED.includes(status))
      throw new Error(`${one.kind} answers ${status}: ${JSON.stringify(body)}`);
  }

  private readonly handlers: Handlers = {
    book: async ({ days, flag, ...one }) => {
      const { patient, items } = await this.patientOf(one);
      const chosen = items.slice(one.item % Math.max(1, items.length)).slice(0, flag ? 2 : 1);
      for (const { id } of chosen) this.touched.add(id);
      const itemIds = chosen.map(({ id }) => id);
      if (itemIds.length === 0) return null;
      const visit = { patientId: patient.id, itemIds, date: await this.inDays(days - 1), reason: 'away' };
      return this.t.post('/appointments', visit, this.nurse(one));
    },
    move: async ({ days, ...one }) =>
      this.onAppointment(one, async ({ id }) =>
        this.t.request('PATCH', `/appointments/${id}`, {
          payload: { date: await this.inDays(days), reason: 'no_slot' },
          headers: this.nurse(one),
        }),
      ),
    attended: (one) => this.end(one),
    not_attended: (one) => this.end(one),
    cancelled_by_patient: (one) => this.end(one),
    cancelled_by_hospital: (one) => this.end(one),
    defer: (one) => this.putOff(one, 'until'),
    decline: (one) => this.putOff(one, 'askAgainOn'),
    contraindicate: (one) => this.putOff(one, 'until', this.clinician),
    reopen: (one) => this.onItem(one, (id) => this.t.post(`/items/${id}/reopen`, {}, this.nurse(one))),
    undo: (one) => this.onItem(one, (id) => this.t.post(`/items/${id}/undo`, {}, this.nurse(one))),
    complete: (one) =>
      this.onItem(one, async (id, activity) => {
        const normal = { date: await this.inDays(0), outcome: 'normal' };
        const high = { ...normal, outcome: undefined, values: [{ code: 'CEA', value: 9, unit: 'ng/mL' }] };
        const isHigh = one.flag && activity === 'tumour_markers';
        return this.t.post(`/items/${id}/complete`, isHigh ? high : normal, this.nurse(one));
      }),
    judge: async ({ item, days }) => {
      const { items } = await answered<{ items: { id: string }[] }>(
        this.t.get('/reviews?state=open', this.clinician),
      );
      const review = items[item % Math.max(1, items.length)];
      const judgement = ['no_action', 'repeat_in_weeks', 'mri', 'recurrence'][item % 4]!;
      const followUp = judgement === 'repeat_in_weeks' ? { followUp: { weeks: days } } : {};
      if (!review) return null;
      return this.t.post(`/reviews/${review.id}/judgement`, { judgement, ...followUp }, this.clinician);
    },
    see: async (one) => {
      const { patient } = await this.patientOf(one);
      const events = await answered<{ items: { id: string; type: string }[] }>(
        this.t.get(`/patients/${patient.id}/events`, this.head),
      );
      const exam = events.items.find(({ type }) => type === 'exam');
      return exam ? this.t.post(`/results/${exam.id}/seen`, {}, this.clinician) : null;
    },
    contact: async ({ flag, days, ...one }) => {
      const { patient } = await this.patientOf(one);
      const next = flag ? { nextActionOn: await this.inDays(days) } : {};
      const call = { channel: 'telephone', outcome: flag ? 'reached' : 'no_answer', ...next };
      return this.t.post(`/patients/${patient.id}/contacts`, call, this.nurse(one));
    },
    death: async (one) => {
      const { patient, items } = await this.patientOf(one);
      for (const { id } of items) this.touched.add(id);
      const death = { type: 'death', date: await this.inDays(0) };
      const answer = await this.t.post(`/patients/${patient.id}/events`, death, this.nurse(one));
      if (answer.status === 201)
        this.deaths.push({ patientId: patient.id, eventId: answer.body.id as string });
      return answer;
    },
    void: async (one) => {
      const [death] = this.deaths.splice(one.item % Math.max(1, this.deaths.length), 1);
      if (!death) return null;
      const path = `/patients/${death.patientId}/events/${death.eventId}/void`;
      return this.t.post(path, { reason: 'of another patient' }, this.nurse(one));
    },
    'name owner': async ({ flag, item, ...one }) => {
      const { patient } = await this.patientOf({ ...one });
      const personId = this.people[item % 4] ?? null;
      const payload = flag ? { personId, activity: 'tumour_markers' } : { personId };
      return this.t.request('PUT', `/patients/${patient.id}/owner`, { payload, headers: this.head });
    },
    'hand over': async ({ by, item, days }) => {
      const [from, to] = [this.people[by], this.people[item % 3]];
      const firstDay = await this.inDays(days % 2);
      const lastDay = await this.inDays(days);
      const answer = await this.t.post('/handovers', { from, to, firstDay, lastDay }, this.head);
      if (answer.status === 201) this.handovers.push(answer.body.id as string);
      return answer;
    },
    'end handover': async ({ item }) => {
      const id = this.handovers[item % Math.max(1, this.handovers.length)];
      return id ? this.t.request('DELETE', `/handovers/${id}`, { headers: this.head }) : null;
    },
    disable: ({ by }) => this.account(by, 'disabled'),
    enable: ({ by }) => this.account(by, 'active'),
    register: async ({ item }) => {
      await this.register(this.people[item % 4] ?? null);
      return null;
    },
    merge: async ({ item, ...one }) => {
      const { patient: target } = await this.patientOf(one);
      const { patient: from } = await this.patientOf({ patient: one.patient + 1 + item });
      const merge = { from: from.id, reason: 'one identity card' };
      const answer = await this.t.post(`/patients/${target.id}/merge`, merge, this.head);
      if (answer.status !== 200) return answer;
      for (const id of [target.id, from.id]) this.merged.add(id);
      this.mergeIds.push(answer.body.id as string);
      return answer;
    },
    'undo merge': async () => {
      const id = this.mergeIds.pop();
      return id === undefined ? null : this.t.post(`/merges/${id}/undo`, {}, this.head);
    },
    bulk: async ({ days, ...one }) => {
      const { items } = await this.patientOf(one);
      for (const { id } of items) this.touched.add(id);
      if (items.length === 0) return null;
      const targets = items.map(({ id, etag }) => ({ itemId: id, etag }));
      const date = await this.inDays(0);
      const input = one.flag
        ? { action: 'complete', targets: targets.slice(0, 1), date, outcome: 'normal' }
        : { action: 'defer', targets, until: await this.inDays(days), reason: 'combined_visit' };
      return this.t.post('/worklist/bulk', input, this.nurse(one));
    },
  };

  private nurse = ({ by }: Pick<Act, 'by'>): Record<string, string> => this.nurses[by % this.nurses.length]!;

  private inDays = async (days: number): Promise<string> =>
    addDays(calendarDate(await todayOf(this.t)), days);

  private patientOf = ({ patient }: Pick<Act, 'patient'>): Promise<ListedPatient> =>
    listedPatient(this.t, this.mrns[patient % this.mrns.length]!, this.head);

  private async onItem(
    one: Pick<Act, 'patient' | 'item'>,
    work: (id: string, activity: string) => Promise<Answer>,
  ): Promise<Answer | null> {
    const { items } = await this.patientOf(one);
    // Also items that were closed meanwhile: a completion can be undone.
    const ids = [...new Set([...items.map(({ id }) => id), ...this.touched])];
    const chosen =
      one.item % 3 === 0 ? ids[one.item % ids.length] : items[one.item % Math.max(1, items.length)]?.id;
    if (chosen === undefined) return null;
    this.touched.add(chosen);
    return work(chosen, items.find(({ id }) => id === chosen)?.activity ?? '');
  }

  private async onAppointment(
    one: Pick<Act, 'patient' | 'item'>,
    work: (appointment: Appointment) => Promise<Answer>,
  ): Promise<Answer | null> {
    const { patient } = await this.patientOf(one);
    const { items } = await answered<{ items: Appointment[] }>(
      this.t.get(`/patients/${patient.id}/appointments`, this.head),
    );
    const open = items.filter(({ outcome }) => outcome === null);
    const chosen = open[one.item % Math.max(1, open.length)];
    return chosen ? work(chosen) : null;
  }

  private end = (one: Act): Promise<Answer | null> =>
    this.onAppointment(one, ({ id }) =>
      this.t.post(`/appointments/${id}/outcome`, { outcome: one.kind }, this.nurse(one)),
    );

  private putOff = (
    one: Act,
    day: 'until' | 'askAgainOn',
    caller = this.nurse(one),
  ): Promise<Answer | null> =>
    this.onItem(one, async (id) => {
      const until = one.kind === 'contraindicate' && one.flag ? {} : { [day]: await this.inDays(one.days) };
      return this.t.post(`/items/${id}/${one.kind}`, { reason: REASONS[one.kind], ...until }, caller);
    });

  private account = (by: number, state: string): Promise<Answer> =>
    this.t.request('PATCH', `/people/${this.people[by]}`, { payload: { state } });

  private async register(responsibleNurse: string | null): Promise<void> {
    const mrn = `M${this.mrns.length + 1}`;
    const resectedOn = ['2026-01-15', '2026-04-20', '2026-07-20'][this.mrns.length % 3]!;
    const person = { mrn, name: `患者${mrn}`, sex: 'female', birthDate: '1960-05-05' };
    const dates = { diagnosisDate: resectedOn, enrolledOn: resectedOn };
    const owner = responsibleNurse === null ? {} : { responsibleNurse };
    const { id } = await answered<{ id: string }>(
      this.t.post('/patients', { ...person, ...dates, ...owner }),
      201,
    );
    const resection = { type: 'primary_resection', date: resectedOn, site: 'colon', stage: 'III' };
    const details = { intent: 'curative', preoperativeColonoscopy: 'complete' };
    await answered(this.t.post(`/patients/${id}/events`, { ...resection, ...details }), 201);
    this.mrns.push(mrn);
  }

  private keyOf = async (role: Role): Promise<Record<string, string>> =>
    as((await answered<{ key: string }>(this.t.post('/api-keys', { name: role, roles: [role] }), 201)).key);
}
