import { type Answer } from './app.js';
import { type PlanningHospital, startPlanningHospital } from './planning-hospital.js';
import { as, givenPerson } from './signed-in.js';

/** The day and the instant at which the ward of these tests works. */
export const TODAY = '2026-11-01';
export const NOW = `${TODAY}T09:00:00+08:00`;

export const ULTRASOUND = { activity: 'liver_ultrasound', outcome: 'suspicious' };
export const markers = (value: unknown, more: object = {}) => ({
  activity: 'tumour_markers',
  values: [{ code: 'CEA', value, unit: 'ng/mL' }],
  ...more,
});

export interface Review {
  readonly id: string;
  readonly state: string;
  readonly patient: { readonly id: string; readonly name: string | null };
  readonly reasons: readonly { readonly code: string; readonly because?: string; readonly message: string }[];
  readonly escalatedTo: string | null;
  readonly escalatedPeople: readonly { readonly name: string; readonly role: string }[];
  readonly asked: { readonly itemId: string; readonly activity: string; readonly status: string } | null;
  readonly judgement: Record<string, unknown> | null;
}

export interface Item {
  readonly id: string;
  readonly activity: string;
  readonly rule: string;
  readonly due: string;
  readonly status: string;
}

type Session = Record<string, string>;

/** A hospital with two nurses and a clinician, who record, see and judge results. */
export type ResultsWard = Awaited<ReturnType<typeof startResultsWard>>;

/** In an application of its own; `close` it in the end. */
export async function startResultsWard() {
  const t = await startPlanningHospital({ clock: NOW });
  const nurse = as((await givenPerson(t, { roles: ['nurse'], name: '护士甲' })).session);
  const otherNurse = as((await givenPerson(t, { roles: ['nurse'], name: '护士乙' })).session);
  const clinician = as((await givenPerson(t, { roles: ['clinician'], name: '王医生' })).session);
  return { ...t, nurse, otherNurse, clinician, ...callsIn(t, nurse, clinician) };
}

let count = 0;

const callsIn = (t: PlanningHospital, nurse: Session, clinician: Session) => ({
  /** A patient in follow-up since 2026-01-31, when the primary tumour was resected. */
  async givenFollowed(facts: object = {}): Promise<string> {
    const { body } = await t.post('/patients', {
      ...{ mrn: `R${++count}`, name: '李敏', sex: 'female', birthDate: '1960-05-05' },
      ...{ diagnosisDate: '2025-12-10', enrolledOn: '2026-01-31' },
      ...facts,
    });
    await t.post(`/patients/${body.id as string}/events`, {
      ...{ type: 'primary_resection', date: '2026-01-31', site: 'colon', stage: 'III' },
      ...{ intent: 'curative', preoperativeColonoscopy: 'complete' },
    });
    return body.id as string;
  },

  record: (id: string, event: object, by: Session = nurse): Promise<Answer> =>
    t.post(`/patients/${id}/events`, { type: 'exam', date: TODAY, ...event }, by),

  /** Loads exams of a patient: `date,activity,outcome,cea_ng_ml`. */
  async upload(id: string, rows: readonly string[]): Promise<Answer> {
    const { mrn } = (await t.get(`/patients/${id}`)).body as { mrn: string };
    const csv = ['mrn,type,date,activity,outcome,cea_ng_ml', ...rows.map((row) => `${mrn},exam,${row}`)];
    const form = new FormData();
    form.set('kind', 'events');
    form.set('file', new Blob([`${csv.join('\n')}\n`]), 'file.csv');
    const request = new Request('http://localhost', { method: 'POST', body: form });
    return t.request('POST', '/imports', {
      headers: { 'content-type': request.headers.get('content-type')! },
      payload: Buffer.from(await request.arrayBuffer()),
    });
  },

  async reviewsOf(patientId: string, state = 'open'): Promise<Review[]> {
    const { body } = await t.get(`/reviews?limit=500&state=${state}&lang=en`, clinician);
    return (body.items as Review[]).filter(({ patient }) => patient.id === patientId);
  },

  judge: (id: string, judgement: object, by: Session = clinician): Promise<Answer> =>
    t.post(`/reviews/${id}/judgement?lang=en`, judgement, by),

  see: (id: string, by: Session): Promise<Answer> => t.post(`/results/${id}/seen`, {}, by),

  toJudge: async (id: string): Promise<number> => (await t.get(`/patients/${id}`)).body.toJudge as number,

  itemsOf: async (id: string): Promise<Item[]> =>
    (await t.get(`/patients/${id}/schedule`)).body.items as Item[],
});
