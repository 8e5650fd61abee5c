import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startApp, type TestApp } from '../support/app.js';
import {
  bundle,
  cea,
  coded,
  diagnosis,
  FhirSender,
  HIS,
  idIn,
  LOINC,
  MAPPING,
  patient,
  resection,
  selectMapping,
} from '../support/fhir-sender.js';

// What the systems of a hospital write, as an integrator sends it: by HTTP, to the running program.

let t: TestApp;
let fhir: FhirSender;
beforeAll(async () => {
  t = await startApp({ clock: '2026-11-10T08:00:00+08:00', role: 'api' });
  await selectMapping(t);
  fhir = new FhirSender(t);
});
afterAll(() => t.close());

const eventsOf = async (id: string) =>
  (await t.get(`/patients/${id}/events`)).body.items.filter(
    (one: { voidedAt: string | null }) => !one.voidedAt,
  );
const valuesOf = async (id: string) =>
  (await eventsOf(id)).flatMap((one: { values?: { code: string; value: number }[] }) =>
    (one.values ?? []).map(({ code, value }) => `${code} ${value}`),
  );
const itemsOf = async (id: string) => (await t.get(`/patients/${id}/schedule`)).body.items;
const expressionsOf = (body: { issue: { expression?: string[] }[] }) =>
  body.issue.flatMap(({ expression }) => expression ?? []);
const rowsIn = async (table: string): Promise<number> =>
  Number((await t.dataSource.query(`SELECT count(*) FROM ${table}`))[0].count);

describe('a transaction', () => {
  const URL = 'urn:uuid:0b3a1c1e-6d0f-4b5e-9d0a-000000000001';
  const whole = (mrn: string) =>
    bundle([
      { resource: cea(URL, 3.2) },
      { resource: resection(URL) },
      { resource: diagnosis(URL) },
      { fullUrl: URL, resource: patient(mrn) },
      {
        resource: {
          ...{ resourceType: 'DiagnosticReport', status: 'final', code: coded('urn:h', 'COL') },
          ...{ subject: { reference: URL }, effectiveDateTime: '2026-11-08', conclusion: '全结肠未见异常' },
        },
      },
    ]);

  test('registers a patient with diagnosis, operation, values and report, in whatever order they stand', async () => {
    const entries = await fhir.entries(whole('Z100'));
    expect(entries.map(({ status }) => status)).toEqual(Array(5).fill('201 Created'));
    const id = idIn(entries[3].location);
    expect((await t.get(`/patients/${id}`)).body).toMatchObject({
      ...{ mrn: 'Z100', name: '王建国', sex: 'male', birthDate: '1958-11-06', diagnosisDate: '2025-11-02' },
    });
    expect(
      (await eventsOf(id)).map(({ type, date }: { type: string; date: string }) => `${date} ${type}`).sort(),
    ).toEqual(['2025-12-01 primary_resection', '2026-11-08 colonoscopy', '2026-11-09 exam']);
    expect((await itemsOf(id)).length).toBeGreaterThan(10);
  });

  test('sent twice, it changes nothing and has the same ids', async () => {
    const first = await fhir.entries(whole('Z101'));
    const before = [
      await rowsIn('clinical_event'),
      await rowsIn('surveillance_event'),
      await rowsIn('fhir_source'),
    ];
    const second = await fhir.entries(whole('Z101'));
    expect(second.map(({ location }) => location)).toEqual(first.map(({ location }) => location));
    expect(second.map(({ status }) => status)).toEqual(Array(5).fill('200 OK'));
    expect([
      await rowsIn('clinical_event'),
      await rowsIn('surveillance_event'),
      await rowsIn('fhir_source'),
    ]).toEqual(before);
  });

  test('with one entry that cannot be read, does nothing, and says where and why in the language of the sender', async () => {
    const sent = bundle([
      { fullUrl: URL, resource: patient('Z102') },
      { resource: diagnosis(URL) },
      { resource: resection(URL, { performedDateTime: '2025-12' }) },
    ]);
    const before = [await rowsIn('patient'), await rowsIn('clinical_event'), await rowsIn('fhir_source')];
    const { status, body } = await fhir.send('POST', '', sent, { 'accept-language': 'zh' });
    expect(status).toBe(422);
    expect(expressionsOf(body)).toEqual(['Bundle.entry[2].resource.performed']);
    expect(body.issue[0].details.text).toMatch(/月和日/);
    expect([await rowsIn('patient'), await rowsIn('clinical_event'), await rowsIn('fhir_source')]).toEqual(
      before,
    );
  });

  test('of a person without a diagnosis is read, and nothing of it is kept; a strict sender is refused', async () => {
    const sent = bundle([
      { fullUrl: URL, resource: patient('Z103') },
      { resource: cea(URL, 1) },
      { resource: { resourceType: 'Encounter', status: 'finished' } },
    ]);
    const entries = await fhir.entries(sent);
    expect(entries.map(({ status, location }) => [status, location])).toEqual(
      Array(3).fill(['202 Accepted', undefined]),
    );
    for (const { outcome } of entries) expect(outcome.issue[0].severity).toBe('warning');
    expect((await t.get('/patients?mrn=Z103')).body.items).toEqual([]);
    const strict = await fhir.send('POST', '', sent, { prefer: 'handling=strict' });
    expect([strict.status, expressionsOf(strict.body)]).toEqual([
      422,
      [0, 1, 2].map((index) => `Bundle.entry[${index}].resource`),
    ]);
  });

  test('refers to a patient by number', async () => {
    const id = await fhir.follow('Z104');
    const [one] = await fhir.entries(bundle([{ resource: cea(`Patient?identifier=${HIS}|Z104`, 4.1) }]));
    expect(one.status).toBe('201 Created');
    expect(await valuesOf(id)).toEqual(['CEA 4.1']);
  });

  test('values of one day are one exam, also under a report that names them', async () => {
    const ca = (subject: string) =>
      cea(subject, 12, {
        ...{ code: coded(LOINC, '24108-3') },
        valueQuantity: { value: 12, system: 'http://unitsofmeasure.org', code: 'U/mL' },
      });
    const id = await fhir.follow('Z105', (subject) => [cea(subject, 2), ca(subject)]);
    expect((await eventsOf(id)).length).toBe(1);
    expect((await valuesOf(id)).sort()).toEqual(['CA19-9 12', 'CEA 2']);
    const [a, b] = [
      'urn:uuid:0b3a1c1e-6d0f-4b5e-9d0a-00000000000a',
      'urn:uuid:0b3a1c1e-6d0f-4b5e-9d0a-00000000000b',
    ];
    const subject = `Patient/${id}`;
    const day = { effectiveDateTime: '2026-08-09' };
    const entries = await fhir.entries(
      bundle([
        { fullUrl: a, resource: { ...cea(subject, 5), ...day } },
        { fullUrl: b, resource: { ...ca(subject), ...day } },
        {
          resource: {
            ...{ resourceType: 'DiagnosticReport', status: 'final', code: coded('urn:h', 'TM'), ...day },
            ...{ subject: { reference: subject }, result: [{ reference: a }, { reference: b }] },
          },
        },
      ]),
    );
    expect(entries.map(({ status }) => status)).toEqual(Array(3).fill('201 Created'));
    expect((await eventsOf(id)).length).toBe(2);
  });
});

test('a batch applies what it can, and says of each entry what became of it', async () => {
  const id = await fhir.follow('Z110');
  const [good, bad, unknown, deleted] = await fhir.entries(
    bundle(
      [
        { resource: cea(`Patient/${id}`, 2.5) },
        { resource: cea(`Patient/${id}`, 2.5, { effectiveDateTime: '2026' }) },
        { resource: cea('Patient/0b3a1c1e-6d0f-4b5e-9d0a-0000000000ff', 2.5) },
        { resource: cea(`Patient/${id}`, 2.5), request: { method: 'DELETE', url: 'Observation/1' } },
      ],
      'batch',
    ),
  );
  expect(good.status).toBe('201 Created');
  expect([bad.status, bad.outcome.issue[0].expression]).toEqual([
    '422',
    ['Bundle.entry[1].resource.effective'],
  ]);
  expect([unknown.status, unknown.outcome.issue[0].expression]).toEqual([
    '422',
    ['Bundle.entry[2].resource.subject'],
  ]);
  expect(deleted.outcome.issue[0].expression).toEqual(['Bundle.entry[3].request.method']);
  expect(await valuesOf(id)).toEqual(['CEA 2.5']);
});

describe('one resource', () => {
  test('two senders create the same patient at once: there is one', async () => {
    const sent = () =>
      bundle([
        {
          ...{ fullUrl: 'urn:uuid:0b3a1c1e-6d0f-4b5e-9d0a-000000000009', resource: patient('Z120') },
          request: { method: 'POST', url: 'Patient', ifNoneExist: `identifier=${HIS}|Z120` },
        },
        { resource: diagnosis('urn:uuid:0b3a1c1e-6d0f-4b5e-9d0a-000000000009') },
      ]);
    const both = await Promise.all([fhir.entries(sent()), fhir.entries({ ...sent(), id: 'other' })]);
    expect(new Set(both.map(([one]) => idIn(one.location))).size).toBe(1);
    expect(both.map(([one]) => one.status).sort()).toEqual(['200 OK', '201 Created']);
    expect((await t.get('/patients?mrn=Z120')).body.items.length).toBe(1);
  });

  test('a patient is updated by id and by number; a version that is not the current one is refused', async () => {
    const id = await fhir.follow('Z121');
    const named = (text: string) => patient('Z121', { id, name: [{ text }] });
    const { headers } = await fhir.read(`/Patient/${id}`);
    const first = await fhir.send('PUT', `/Patient/${id}`, named('王建囯'), {
      'if-match': String(headers['etag']),
    });
    expect(first.status).toBe(200);
    expect((await t.get(`/patients/${id}`)).body.name).toBe('王建囯');
    const stale = await fhir.send('PUT', `/Patient/${id}`, named('王五'), {
      'if-match': String(headers['etag']),
    });
    expect(stale.status).toBe(412);
    const unnamed = { ...named('王六'), id: undefined };
    const byNumber = await fhir.send(
      'PUT',
      `/Patient?identifier=${encodeURIComponent(`${HIS}|Z121`)}`,
      unnamed,
    );
    expect(byNumber.status).toBe(200);
    expect((await t.get(`/patients/${id}`)).body).toMatchObject({ name: '王六', birthDate: '1958-11-06' });
  });

  test('a patient who is registered is not changed by a create', async () => {
    await fhir.follow('Z122');
    const other = await fhir.send('POST', '/Patient', patient('Z122', { birthDate: '1958-11-07' }));
    expect(other.status).toBe(409);
    expect((await fhir.send('POST', '/Patient', patient('Z122'))).status).toBe(200);
  });

  test('a corrected value replaces the first; one entered in error takes it back; an older version changes nothing', async () => {
    const id = await fhir.follow('Z123');
    const version = (value: number, issued: string, changes: object = {}) =>
      cea(`Patient/${id}`, value, { identifier: [{ system: 'urn:lis', value: 'F123' }], issued, ...changes });
    const put = (resource: object) => fhir.send('PUT', '/Observation?identifier=urn:lis%7CF123', resource);
    const created = await put(version(42, '2026-11-09T10:00:00+08:00'));
    expect(created.status).toBe(201);
    const corrected = await put(version(4.2, '2026-11-09T11:00:00+08:00', { status: 'corrected' }));
    expect([corrected.status, idIn(String(corrected.headers['location']))]).toEqual([
      200,
      idIn(String(created.headers['location'])),
    ]);
    expect(await valuesOf(id)).toEqual(['CEA 4.2']);
    await put(version(42, '2026-11-09T10:30:00+08:00'));
    expect(await valuesOf(id)).toEqual(['CEA 4.2']);
    await put(version(4.2, '2026-11-09T12:00:00+08:00', { status: 'entered-in-error' }));
    expect(await valuesOf(id)).toEqual([]);
  });

  test('a value that a person has taken back does not return with a repetition', async () => {
    const id = await fhir.follow('Z124');
    await fhir.send('POST', '/Observation', cea(`Patient/${id}`, 9));
    const [event] = await eventsOf(id);
    await t.post(`/patients/${id}/events/${event.id}/void`, { reason: 'wrong patient' });
    expect((await fhir.send('POST', '/Observation', cea(`Patient/${id}`, 9))).status).toBe(200);
    expect(await valuesOf(id)).toEqual([]);
  });

  test.each([
    ['an unknown element', cea('Patient/x', 1, { valeu: 1 }), 'Observation.valeu'],
    [
      'a modifier extension',
      cea('Patient/x', 1, { modifierExtension: [{ url: 'urn:x', valueBoolean: true }] }),
      'Observation.modifierExtension[0]',
    ],
    ['a unit that the measurement does not have', { unit: 'mg' }, 'Observation.value'],
    ['another type', patient('Z1'), 'Observation'],
    ['no resource', [1, 2], 'Observation'],
  ])('with %s is refused by its expression', async (_, sent, expression) => {
    const id = await fhir.follow('Z125');
    const resource =
      'unit' in sent ? cea(`Patient/${id}`, 1, { valueQuantity: { value: 1, unit: 'mg' } }) : sent;
    const { status, body } = await fhir.send('POST', '/Observation', resource);
    expect([status, expressionsOf(body)[0]]).toEqual([422, expression]);
  });

  test('a diagnosis changes its day only by an update of itself', async () => {
    const id = await fhir.follow('Z126');
    const identifier = [{ system: 'urn:his', value: 'C126' }];
    const again = diagnosis(`Patient/${id}`, { identifier, onsetDateTime: '2025-10-01' });
    expect((await fhir.send('POST', '/Condition', again)).status).toBe(202);
    expect((await t.get(`/patients/${id}`)).body.diagnosisDate).toBe('2025-11-02');
    await fhir.send('POST', '/Condition', diagnosis(`Patient/${id}`, { identifier }));
    const changed = await fhir.send('PUT', '/Condition?identifier=urn:his%7CC126', again);
    expect(changed.status).toBe(200);
    expect((await t.get(`/patients/${id}`)).body.diagnosisDate).toBe('2025-10-01');
  });

  test('a death ends the follow-up', async () => {
    const id = await fhir.follow('Z127', (subject) => [resection(subject)]);
    const dead = patient('Z127', { id, deceasedDateTime: '2026-11-05T04:32:00+08:00' });
    expect((await fhir.send('PUT', `/Patient/${id}`, dead)).status).toBe(200);
    expect((await eventsOf(id)).map(({ type }: { type: string }) => type)).toContain('death');
    expect(
      (await fhir.send('PUT', `/Patient/${id}`, patient('Z127', { id, deceasedBoolean: false }))).status,
    ).toBe(200);
    expect((await eventsOf(id)).map(({ type }: { type: string }) => type)).not.toContain('death');
  });

  test('an appointment is booked, moved and cancelled', async () => {
    const id = await fhir.follow('Z128', (subject) => [resection(subject)]);
    const appointment = (start: string, status = 'booked') => ({
      ...{ resourceType: 'Appointment', status, identifier: [{ system: 'urn:ris', value: 'A128' }] },
      ...{ serviceType: [coded('urn:h', 'COL')], start, end: start.replace(':00:00', ':30:00') },
      participant: [{ actor: { reference: `Patient/${id}` }, status: 'accepted' }],
    });
    const put = (resource: object) => fhir.send('PUT', '/Appointment?identifier=urn:ris%7CA128', resource);
    const booked = await put(appointment('2026-11-20T01:00:00Z'));
    expect(booked.status).toBe(201);
    const one = async () => (await t.get(`/appointments/${idIn(String(booked.headers['location']))}`)).body;
    expect(await one()).toMatchObject({
      ...{ date: '2026-11-20', time: '09:00', items: [{ activity: 'colonoscopy', due: '2026-12-01' }] },
    });
    expect((await put(appointment('2026-11-23T01:00:00Z'))).status).toBe(200);
    expect(await one()).toMatchObject({ date: '2026-11-23', outcome: null });
    await put(appointment('2026-11-23T01:00:00Z', 'cancelled'));
    expect(await one()).toMatchObject({ outcome: 'cancelled_by_hospital' });
  });
});

describe('the log', () => {
  test('has each request once, with what it changed, and those that were refused', async () => {
    const id = await fhir.follow('Z130');
    await fhir.send('POST', '/Observation', cea(`Patient/${id}`, 7));
    await fhir.send('POST', '/Observation', cea(`Patient/${id}`, 7));
    await fhir.send('POST', '/Observation', cea(`Patient/${id}`, 7, { effectiveDateTime: '2026' }));
    const { items } = (await t.get('/hl7v2-messages?limit=3')).body;
    const [event] = await eventsOf(id);
    expect(items).toMatchObject([
      { type: 'FHIR', event: 'Observation', outcome: 'refused', patientIds: [id] },
      { type: 'FHIR', event: 'Observation', outcome: 'applied', eventIds: [event.id] },
      { type: 'FHIR', event: 'transaction', outcome: 'applied', patientIds: [id] },
    ]);
  });

  test('does not replay a request, and a trial of a mapping leaves requests out', async () => {
    await fhir.follow('Z131');
    const [{ id }] = (await t.get('/hl7v2-messages?limit=1')).body.items;
    expect(await t.post(`/hl7v2-messages/${id}/replay`)).toMatchObject({
      status: 409,
      body: { code: 'fhir-not-replayed' },
    });
    const { id: mapping, version } = MAPPING;
    const trial = await t.post('/mappings/trial', { stored: { id: mapping, version }, limit: 10 });
    expect([trial.status, trial.body.items]).toEqual([200, []]);
  });

  test('an erasure finds what was sent of the patient before the registration, however it named the patient', async () => {
    const subject = `Patient?identifier=${HIS}|Z132`;
    await fhir.send('POST', '/Patient', patient('Z132'));
    await fhir.send('POST', '/Observation', cea(subject, 8));
    await fhir.send('POST', '/Observation', cea(subject, 9, { subject: { identifier: { value: 'z132' } } }));
    const id = await fhir.follow('Z132');
    const { status } = await t.post(`/patients/${id}/erase`, {
      ground: 'patient_request',
      author: 'Dr. Chen',
    });
    expect(status).toBe(200);
    const rows = await t.dataSource.query(
      'SELECT content FROM hl7_message WHERE patient_ids @> ARRAY[$1::uuid]',
      [id],
    );
    expect(rows).toEqual(Array(4).fill({ content: '' }));
  });
});
