import { expect } from '@jest/globals';
import type { Role } from '../../src/tenancy/caller.js';
import type { TestApp } from './app.js';
import { as, givenPerson, signIn, type SignedInPerson } from './signed-in.js';
import { answered, type ScheduledItem } from './ward.js';
import { type ListedItem, listedPatient } from './whole-ward.js';

/** The words of a story about a ward: days, patients, and what nurses and clinicians do, each by its call over HTTP. */

export interface StoryPatient {
  readonly id: string;
  readonly mrn: string;
  readonly name: string;
}

/** An appointment as its booking answers. */
export interface Booked {
  readonly id: string;
  readonly etag: string;
  readonly items: readonly { readonly id: string; readonly activity: string }[];
}

interface Review {
  readonly id: string;
  readonly patient: { readonly id: string };
  readonly reasons: readonly { readonly message: string }[];
  readonly asked: { readonly itemId: string } | null;
}

const OPEN = ['overdue', 'due', 'upcoming'];

/** The open item of the activity that falls due first. */
async function openItem(
  t: TestApp,
  { id, name }: StoryPatient,
  activity: string,
  headers: Record<string, string>,
): Promise<ScheduledItem> {
  const { items } = await answered<{ items: ScheduledItem[] }>(t.get(`/patients/${id}/schedule`, headers));
  const found = items.find((item) => item.activity === activity && OPEN.includes(item.status));
  if (!found) throw new Error(`${name} has no open ${activity}.`);
  return found;
}

/** A nurse or clinician of the ward. Each method is one thing that such a person does, and fails if it is refused. */
export class Colleague {
  private headers: Record<string, string>;

  constructor(
    private readonly t: TestApp,
    private readonly person: SignedInPerson & { readonly session: string },
  ) {
    this.headers = as(person.session);
  }

  get id(): string {
    return this.person.id;
  }

  get name(): string {
    return this.person.name;
  }

  /** The headers of the person's session. */
  get caller(): Readonly<Record<string, string>> {
    return this.headers;
  }

  /** Sessions end overnight. */
  async signsIn(): Promise<void> {
    const { login, password } = this.person;
    this.headers = as((await answered<{ token: string }>(signIn(this.t, { login, password }))).token);
  }

  /** The names of the patients on a list, most urgent first. */
  async reads(list: string, filter = ''): Promise<string[]> {
    const { items } = await answered<{ items: { patient: { name: string } }[] }>(
      this.t.get(`/worklist?list=${list}&limit=100${filter}`, this.headers),
    );
    return items.map(({ patient }) => patient.name);
  }

  /** The names of the patients who are this person's today. */
  ownPatients = (list: string): Promise<string[]> => this.reads(list, '&owner=me');

  async looksUp(patient: StoryPatient): Promise<readonly ListedItem[]> {
    return (await listedPatient(this.t, patient.mrn, this.headers)).items;
  }

  async looksAt(patient: StoryPatient, activity: string): Promise<ListedItem> {
    const { id } = await openItem(this.t, patient, activity, this.headers);
    return (await answered<{ item: ListedItem }>(this.t.get(`/items/${id}`, this.headers))).item;
  }

  /** Books these examinations in one visit; without names, all whose window has begun by then, apart from the colonoscopy. */
  async books(
    patient: StoryPatient,
    { on, at, activities, because }: { on: string; at?: string; activities?: string[]; because?: string },
  ): Promise<Booked> {
    const itemIds: string[] = [];
    for (const activity of activities ?? [])
      itemIds.push((await openItem(this.t, patient, activity, this.headers)).id);
    if (activities === undefined)
      for (const { id, earliest, activity, step } of await this.looksUp(patient))
        if (earliest <= on && step === null && activity !== 'colonoscopy') itemIds.push(id);
    const visit = { date: on, ...(at !== undefined && { time: at }), ...(because && { reason: because }) };
    return answered(
      this.t.post('/appointments', { patientId: patient.id, itemIds, ...visit }, this.headers),
      201,
    );
  }

  /** attended, not_attended, cancelled_by_patient or cancelled_by_hospital. */
  async records(visit: Booked, outcome: string): Promise<void> {
    await answered(this.t.post(`/appointments/${visit.id}/outcome`, { outcome }, this.headers));
  }

  /** The examination has been done; answers the id of its result. */
  async completes(
    patient: StoryPatient,
    activity: string,
    result: Readonly<Record<string, unknown>>,
  ): Promise<string> {
    const { id } = await openItem(this.t, patient, activity, this.headers);
    const { event } = await answered<{ event: { id: string } }>(
      this.t.post(`/items/${id}/complete`, result, this.headers),
    );
    return event.id;
  }

  async defers(patient: StoryPatient, activity: string, until: string, because: string): Promise<void> {
    await this.step(patient, activity, 'defer', { until, reason: because });
  }

  async hearsRefusal(
    patient: StoryPatient,
    activity: string,
    { because, askAgainOn }: { because: string; askAgainOn: string },
  ): Promise<void> {
    await this.step(patient, activity, 'decline', { reason: because, askAgainOn });
  }

  async contraindicates(
    patient: StoryPatient,
    activity: string,
    { because, substitute }: { because: string; substitute: string },
  ): Promise<void> {
    await this.step(patient, activity, 'contraindicate', { reason: because, substitute });
  }

  async calls(patient: StoryPatient, outcome: string): Promise<void> {
    const call = { channel: 'telephone', outcome };
    await answered(this.t.post(`/patients/${patient.id}/contacts`, call, this.headers), 201);
  }

  async sees(result: string): Promise<void> {
    await answered(this.t.post(`/results/${result}/seen`, {}, this.headers));
  }

  /** The open review of the patient, and why it is open. */
  async reviewOf(patient: StoryPatient): Promise<Review> {
    const { items } = await answered<{ items: Review[] }>(
      this.t.get('/reviews?state=open&lang=en', this.headers),
    );
    const found = items.find((review) => review.patient.id === patient.id);
    if (!found) throw new Error(`There is nothing to decide about ${patient.name}.`);
    return found;
  }

  async decides(patient: StoryPatient, judgement: string, followUp?: object): Promise<void> {
    const { id } = await this.reviewOf(patient);
    await answered(
      this.t.post(`/reviews/${id}/judgement`, { judgement, ...(followUp && { followUp }) }, this.headers),
    );
  }

  /** Records an event of the patient's history; answers its id. */
  async recordsEvent(patient: StoryPatient, event: object): Promise<string> {
    const { id } = await answered<{ id: string }>(
      this.t.post(`/patients/${patient.id}/events`, event, this.headers),
      201,
    );
    return id;
  }

  async takesBackEvent(patient: StoryPatient, eventId: string, reason: string): Promise<void> {
    await answered(this.t.post(`/patients/${patient.id}/events/${eventId}/void`, { reason }, this.headers));
  }

  async handsOverTo(other: Colleague, firstDay: string, lastDay: string): Promise<void> {
    const handover = { from: this.id, to: other.id, firstDay, lastDay };
    await answered(this.t.post('/handovers', handover, this.headers), 201);
  }

  async gives(patient: StoryPatient, nurse: Colleague): Promise<void> {
    await answered(
      this.t.request('PUT', `/patients/${patient.id}/owner`, {
        ...{ payload: { personId: nurse.id }, headers: this.headers },
      }),
    );
  }

  async unownedPatients(): Promise<string[]> {
    const { items } = await answered<{ items: { id: string }[] }>(
      this.t.get('/patients/unowned', this.headers),
    );
    return items.map(({ id }) => id);
  }

  async merges(from: StoryPatient, into: StoryPatient, reason: string): Promise<void> {
    await answered(this.t.post(`/patients/${into.id}/merge`, { from: from.id, reason }, this.headers));
  }

  private async step(patient: StoryPatient, activity: string, name: string, payload: object): Promise<void> {
    const { id } = await openItem(this.t, patient, activity, this.headers);
    await answered(this.t.post(`/items/${id}/${name}`, payload, this.headers));
  }
}

/** A ward in which the story is played. */
export class Ward {
  readonly colleagues: Colleague[] = [];

  constructor(private readonly t: TestApp) {}

  async hires(name: string, role: Role): Promise<Colleague> {
    const colleague = new Colleague(this.t, await givenPerson(this.t, { name, roles: [role] }));
    this.colleagues.push(colleague);
    return colleague;
  }

  /** Eight o'clock on that day. */
  async begins(day: string): Promise<void> {
    await this.t.setClock(`${day}T08:00:00+08:00`);
    for (const colleague of this.colleagues) await colleague.signsIn();
  }

  /** A patient whose colon cancer of stage III was resected on that day, and who is followed up since. */
  async enrols(name: string, resectedOn: string, nurse: Colleague | null): Promise<StoryPatient> {
    const mrn = `W${this.enrolled++}`;
    const person = { mrn, name, sex: 'female', birthDate: '1960-05-05', diagnosisDate: resectedOn };
    const responsible = nurse === null ? {} : { responsibleNurse: nurse.id };
    const { id } = await answered<{ id: string }>(
      this.t.post('/patients', { ...person, ...responsible, enrolledOn: resectedOn, phone: '13812345678' }),
      201,
    );
    const resection = { type: 'primary_resection', date: resectedOn, site: 'colon', stage: 'III' };
    const details = { intent: 'curative', preoperativeColonoscopy: 'complete' };
    await answered(this.t.post(`/patients/${id}/events`, { ...resection, ...details }), 201);
    expect(id).toEqual(expect.any(String));
    return { id, mrn, name };
  }

  private enrolled = 1;
}
