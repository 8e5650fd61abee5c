import type { Bundle, FhirResource } from 'fhir/r4.js';
import type { Answer, TestApp } from './app.js';
import { givenPatient, made } from './prepared-calls.js';

/** GET below `/fhir`, as the administrator's key unless the headers say otherwise. */
export async function fhirGet(
  t: TestApp,
  path: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  const answer = await t.app.inject({
    url: `/fhir${path}`,
    headers: { authorization: `Bearer ${t.adminKey}`, 'accept-language': 'en', ...headers },
  });
  const body: unknown = answer.payload === '' ? undefined : JSON.parse(answer.payload);
  return { status: answer.statusCode, headers: answer.headers, body };
}

/**
 * The resources of the pages of a search, as its links lead from one to the next; those that were included are left out.
 */
export async function allPages(
  t: TestApp,
  path: string,
  {
    pages = Infinity,
    headers,
  }: { readonly pages?: number; readonly headers?: Readonly<Record<string, string>> } = {},
): Promise<FhirResource[]> {
  const found: FhirResource[] = [];
  let next: string | undefined = path;
  for (let read = 0; next !== undefined && read < pages; read++) {
    const { status, body } = await fhirGet(t, next, headers);
    if (status !== 200) throw new Error(`${next} answers ${status}: ${JSON.stringify(body)}`);
    const { entry = [], link = [] } = body as Bundle<FhirResource>;
    for (const { resource, search } of entry) if (resource && search?.mode === 'match') found.push(resource);
    next = link.find(({ relation }) => relation === 'next')?.url.replace(/^.*?\/fhir(?=\/)/, '');
  }
  return found;
}

/** One patient with a fact of every kind that the demonstration has not: values beyond the range, findings, a voided event … */
export async function givenEveryKindOfFact(t: TestApp): Promise<string> {
  const ward = { hospitalId: t.hospitalId, key: t.adminKey };
  const id = await givenPatient(t, ward, { phone: '13800138000', ward: '3' });
  const record = (fact: object): Promise<{ id: string }> => made(t, ward, `/patients/${id}/events`, fact);
  const report = {
    place: '市一院',
    note: '未见异常',
    laboratory: '检验科',
    method: 'ECLIA',
    documents: [{ system: 'PACS', id: '1' }],
  };
  const values = [
    { code: 'CEA', value: '<0.5', unit: 'ng/mL', referenceLimit: 4.7 },
    { code: 'CA19-9', value: '>1000', unit: 'U/mL', flag: 'high' },
  ];
  await record({
    type: 'exam',
    date: '2026-04-10',
    activity: 'tumour_markers',
    outcome: 'suspicious',
    values,
    report,
  });
  const findings = [
    { kind: 'liver_lesion', count: 2, largestMm: 12, segments: ['II', 'IVa'] },
    { kind: 'benign_liver_lesion' },
  ];
  await record({ type: 'exam', date: '2026-04-11', activity: 'mri_liver', outcome: 'suspicious', findings });
  for (const type of ['liver_metastasis_diagnosed', 'lynch_syndrome_confirmed'])
    await record({ type, date: '2026-04-12' });
  await record({ type: 'recurrence', date: '2026-05-01', site: '吻合口' });
  await record({ type: 'conversion_therapy_started', date: '2026-05-02', mmr: 'pMMR' });
  await record({ type: 'liver_ned', date: '2026-09-01', by: 'resection' });
  const { id: wrong } = await record({ type: 'colonoscopy', date: '2026-06-01', finding: 'normal' });
  await made(t, ward, `/patients/${id}/events/${wrong}/void`, { reason: '另一患者' });
  await made(t, ward, `/patients/${id}/consents`, { channel: 'sms', decision: 'given', author: '王医生' });
  await made(t, ward, `/patients/${id}/consents`, {
    channel: 'sms',
    decision: 'withdrawn',
    author: '王医生',
  });
  await made(t, ward, `/patients/${id}/contacts`, {
    channel: 'telephone',
    outcome: 'failed',
    cause: 'no_answer',
  });
  const { body } = await t.get(`/patients/${id}/schedule`);
  const open = (body.items as { id: string; status: string; due: string }[]).filter(
    ({ status }) => status === 'upcoming',
  );
  const [first, second, third] = open;
  if (!first || !second || !third) throw new Error('The patient has no open items.');
  await t.post('/appointments', {
    patientId: id,
    itemIds: [first.id],
    date: first.due,
    time: '09:30',
    place: '影像科',
  });
  await t.post('/appointments', {
    patientId: id,
    itemIds: [second.id],
    date: second.due,
    halfDay: 'afternoon',
  });
  await made(t, ward, `/items/${third.id}/defer`, { until: '2026-12-01', reason: 'away' });
  const dead = await givenPatient(t, ward);
  await made(t, ward, `/patients/${dead}/events`, { type: 'death', date: '2026-10-01' });
  const lost = await givenPatient(t, ward);
  await made(t, ward, `/patients/${lost}/events`, { type: 'lost_to_follow_up', date: '2026-10-01' });
  return id;
}

/** The matches of a searchset. */
export const resourcesIn = (body: unknown): FhirResource[] =>
  ((body as Bundle<FhirResource>).entry ?? []).flatMap(({ resource, search }) =>
    resource && search?.mode === 'match' ? [resource] : [],
  );
