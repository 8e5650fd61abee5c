import { expect } from '@jest/globals';
import type { Answer, TestApp } from './app.js';
import { fhirGet } from './fhir-calls.js';

export const ICD10 = 'http://hl7.org/fhir/sid/icd-10';
export const LOINC = 'http://loinc.org';
export const UCUM = 'http://unitsofmeasure.org';
export const HIS = 'urn:oid:1.2.156.999';

export type Resource = Readonly<Record<string, unknown>> & { readonly resourceType: string };

export const coded = (system: string, code: string): object => ({ coding: [{ system, code }] });
const MR = { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v2-0203', code: 'MR' }] };

/** What the systems of a hospital send about one patient; `changes` are laid over each. */
export const patient = (mrn: string, changes: object = {}): Resource => ({
  resourceType: 'Patient',
  identifier: [{ type: MR, system: HIS, value: mrn }],
  name: [{ use: 'official', text: '王建国' }],
  gender: 'male',
  birthDate: '1958-11-06',
  ...changes,
});

export const diagnosis = (subject: string, changes: object = {}): Resource => ({
  ...{ resourceType: 'Condition', code: coded(ICD10, 'C18.7'), subject: { reference: subject } },
  ...{ onsetDateTime: '2025-11-02', ...changes },
});

export const cea = (subject: string, value: number, changes: object = {}): Resource => ({
  resourceType: 'Observation',
  status: 'final',
  code: coded(LOINC, '2039-6'),
  subject: { reference: subject },
  effectiveDateTime: '2026-11-09T07:15:00+08:00',
  valueQuantity: { value, unit: 'ng/mL', system: UCUM, code: 'ng/mL' },
  ...changes,
});

export const resection = (subject: string, changes: object = {}): Resource => ({
  ...{ resourceType: 'Procedure', status: 'completed', code: coded('urn:h', 'P1') },
  ...{ subject: { reference: subject }, performedDateTime: '2025-12-01', ...changes },
});

export interface Entry {
  readonly fullUrl?: string;
  readonly resource: Resource;
  /** Default: POST. */
  readonly request?: object;
}

export const bundle = (entries: readonly Entry[], type = 'transaction'): Resource => ({
  ...{ resourceType: 'Bundle', type },
  entry: entries.map(({ request, ...entry }) => ({
    ...entry,
    request: request ?? { method: 'POST', url: entry.resource.resourceType },
  })),
});

const JSON_OF_FHIR = { 'content-type': 'application/fhir+json' };

/** Sends resources to `/fhir`, as the administrator's key unless the headers say otherwise. */
export class FhirSender {
  constructor(
    private readonly t: TestApp,
    private readonly headers: Readonly<Record<string, string>> = {},
  ) {}

  async send(
    method: 'POST' | 'PUT',
    path: string,
    resource: unknown,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Answer> {
    const answer = await this.t.app.inject({
      ...{ method, url: `/fhir${path}`, payload: JSON.stringify(resource) },
      headers: {
        ...{ authorization: `Bearer ${this.t.adminKey}`, 'accept-language': 'en' },
        ...{ ...JSON_OF_FHIR, ...this.headers, ...headers },
      },
    });
    const body: unknown = answer.payload === '' ? undefined : JSON.parse(answer.payload);
    return { status: answer.statusCode, headers: answer.headers, body };
  }

  read(path: string): Promise<Answer> {
    return fhirGet(this.t, path, this.headers);
  }

  /** All resources of one type, by the links of the pages. */
  async all(type: string): Promise<Resource[]> {
    const found: Resource[] = [];
    for (let path: string | undefined = `/${type}?_count=200`; path !== undefined;) {
      const { status, body } = await this.read(path);
      expect([path, status]).toEqual([path, 200]);
      const { entry = [], link = [] } = body as {
        readonly entry?: readonly { readonly resource: Resource }[];
        readonly link?: readonly { readonly relation: string; readonly url: string }[];
      };
      found.push(...entry.map(({ resource }) => resource));
      path = link.find(({ relation }) => relation === 'next')?.url.replace(/^.*\/fhir/, '');
    }
    return found;
  }

  /** The answers to the entries of an accepted transaction or batch. */
  async entries(
    sent: Resource,
    headers: Record<string, string> = {},
    // oxlint-disable-next-line typescript/no-explicit-any -- tests look into it and compare
  ): Promise<any[]> {
    const { status, body } = await this.send('POST', '', sent, headers);
    expect([status, body.issue ?? []]).toEqual([200, []]);
    return (body.entry as { response: unknown }[]).map(({ response }) => response);
  }

  /** A patient in follow-up, with a resection where `mapping` has its code. */
  async follow(mrn: string, more: (subject: string) => readonly Resource[] = () => []): Promise<string> {
    const fullUrl = `urn:uuid:00000000-0000-4000-8000-${mrn.replace(/\D/g, '').padStart(12, '0')}`;
    const others = [diagnosis(fullUrl), ...more(fullUrl)].map((resource) => ({ resource }));
    const [{ location }] = await this.entries(bundle([{ fullUrl, resource: patient(mrn) }, ...others]));
    return idIn(location as string);
  }
}

/** The id in `Type/id` or `Type/id/_history/1`. */
export const idIn = (location: string): string => /[A-Z][A-Za-z]+\/([^/]+)/.exec(location)?.[1] ?? '';

/** What the codes of the invented hospital mean. */
export const MAPPING = {
  ...{ id: 'shenzhen', version: '1.0.0', title: { zh: '深圳', en: 'Shenzhen' } },
  patientNumber: { types: ['MR', 'PI'] },
  events: [
    {
      ...{ kind: 'procedure', system: 'urn:h', code: 'P1' },
      event: {
        ...{ type: 'primary_resection', site: 'colon', stage: 'II', intent: 'curative' },
        preoperativeColonoscopy: 'complete',
      },
    },
  ],
  exams: [
    { system: 'urn:h', code: 'COL', activity: 'colonoscopy' },
    { system: 'urn:h', code: 'CT', activity: 'ct_chest_abdomen_pelvis' },
    { system: 'urn:h', code: 'TM', activity: 'tumour_markers' },
  ],
  reports: [
    {
      system: 'urn:h',
      code: 'COL',
      when: [{ observation: 'conclusion', has: ['未见异常'] }],
      outcome: 'normal',
    },
    {
      system: 'urn:h',
      code: 'CT',
      when: [{ observation: 'conclusion', has: ['未见复发'] }],
      outcome: 'normal',
    },
    { system: 'urn:h', code: 'TM', when: [] },
  ],
} as const;

export async function selectMapping(t: TestApp, mapping: object = MAPPING): Promise<void> {
  expect((await t.post('/mappings', mapping)).body).toMatchObject({ id: (mapping as { id: string }).id });
  const { id, version } = mapping as { id: string; version: string };
  expect((await t.request('PUT', '/mapping-in-force', { payload: { id, version } })).status).toBe(200);
}
