/**
 * What FHIR costs: transactions of a patient with diagnosis, operation and a tumour marker over HTTP to the committed facts with
 * their plan, beside the same facts by the services alone. Rounds alternate in one program and one database. Run:
 * npm run bench:fhir, or with another number of patients a round: npm run bench:fhir -- 300
 */
import { randomUUID } from 'node:crypto';
import { addAdministratorKey } from '../src/accounts/api-keys/administrator-keys.js';
import type { Program } from '../src/app/program.js';
import type { readEvent } from '../src/patients/clinical-event-input.js';
import { PatientInput } from '../src/patients/patient-input.js';
import { PatientsService } from '../src/patients/patients.service.js';
import { SchedulesService } from '../src/schedules/schedules.service.js';
import { firstHospital } from '../src/tenancy/first-hospital.js';
import { HospitalScope } from '../src/tenancy/hospital-scope.js';
import { withFilledProgram } from './filled-program.js';

const ROUNDS = 9;
const PATIENTS = Number(process.argv[2] ?? 60);
/** Requests, and calls of the services, at the same time. */
const AT_ONCE = 2;
/** The share of the services' rate that FHIR has to reach. */
const LEAST = 0.6;

type Way = (mrn: string) => Promise<unknown>;

/** Each patient is another person: registrations of one name and birth date wait for each other. */
const nameOf = (mrn: string): string => `王${mrn.slice(0, 8)}`;

await withFilledProgram(async ({ program }) => {
  const services = await byServices(program);
  const bundles = await byBundles(program);
  await rate(services);
  await rate(bundles);
  const ratios: number[] = [];
  for (let count = 0; count < ROUNDS; count++) {
    const alone = await rate(services);
    const sent = await rate(bundles);
    ratios.push(sent / alone);
    console.log(`${sent.toFixed(1)} bundles a second, ${alone.toFixed(1)} by the services alone`);
  }
  const share = ratios.sort((a, b) => a - b)[Math.floor(ROUNDS / 2)] ?? 0;
  console.log(`share of the services alone: ${share.toFixed(2)} (median of ${ROUNDS})`);
  if (share < LEAST) {
    console.error(`It has to be at least ${LEAST}.`);
    process.exitCode = 1;
  }
});

/** New patients per second, each with all facts. */
async function rate(way: Way): Promise<number> {
  const waiting = Array.from({ length: PATIENTS }, () => randomUUID());
  const start = performance.now();
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      for (let mrn = waiting.pop(); mrn !== undefined; mrn = waiting.pop()) await way(mrn);
    }),
  );
  return PATIENTS / ((performance.now() - start) / 1000);
}

async function byServices({ app }: Program): Promise<Way> {
  const scope = app.get(HospitalScope);
  const hospitalId = await firstHospital(scope);
  const [patients, schedules] = [app.get(PatientsService), app.get(SchedulesService)];
  const person = { sex: 'male', birthDate: '1958-11-06', diagnosisDate: '2026-01-02' };
  const resection = {
    ...{ type: 'primary_resection', date: '2026-01-15', site: 'colon', stage: 'III', intent: 'curative' },
    preoperativeColonoscopy: 'complete',
  };
  const markers = {
    ...{ type: 'exam', date: '2026-10-20', activity: 'tumour_markers' },
    values: [{ code: 'CEA', value: 2.4, unit: 'ng/mL' }],
  };
  return (mrn) =>
    scope.run(hospitalId, async () => {
      const { patient } = await patients.register(PatientInput.parse({ ...person, name: nameOf(mrn), mrn }));
      for (const event of [resection, markers])
        await schedules.recordEvent(patient.id, event as unknown as Parameters<typeof readEvent>[0]);
    });
}

async function byBundles({ app, database }: Program): Promise<Way> {
  const key = `nw_${randomUUID()}${randomUUID()}`;
  const hospitalId = await firstHospital(app.get(HospitalScope));
  await database.asOwner((owner) => addAdministratorKey(owner.manager, hospitalId, key));
  const url = `${await app.getUrl()}/fhir`;
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/fhir+json' };
  return async (mrn) => {
    const answer = await fetch(url, { method: 'POST', headers, body: JSON.stringify(bundleOf(mrn)) });
    if (!answer.ok) throw new Error(await answer.text());
    await answer.arrayBuffer();
  };
}

function bundleOf(mrn: string): object {
  const fullUrl = `urn:uuid:${mrn}`;
  const subject = { reference: fullUrl };
  const coded = (system: string, code: string): object => ({ coding: [{ system, code }] });
  const field = (name: string, value: string): object => ({
    url: 'urn:nedwatch:extension:event-field',
    extension: [
      { url: 'name', valueString: name },
      { url: 'value', valueString: value },
    ],
  });
  const resources = [
    {
      resourceType: 'Patient',
      identifier: [
        { type: coded('http://terminology.hl7.org/CodeSystem/v2-0203', 'MR'), system: 'urn:h', value: mrn },
      ],
      ...{ name: [{ text: nameOf(mrn) }], gender: 'male', birthDate: '1958-11-06' },
    },
    {
      ...{ resourceType: 'Condition', code: coded('http://hl7.org/fhir/sid/icd-10', 'C18.7'), subject },
      onsetDateTime: '2026-01-02',
    },
    {
      ...{ resourceType: 'Procedure', status: 'completed', subject, performedDateTime: '2026-01-15' },
      code: coded('urn:nedwatch:event', 'primary_resection'),
      extension: [
        ...[field('site', 'colon'), field('stage', 'III'), field('intent', 'curative')],
        field('preoperativeColonoscopy', 'complete'),
      ],
    },
    {
      ...{ resourceType: 'Observation', status: 'final', code: coded('http://loinc.org', '2039-6'), subject },
      effectiveDateTime: '2026-10-20T07:15:00+08:00',
      valueQuantity: { value: 2.4, unit: 'ng/mL', system: 'http://unitsofmeasure.org', code: 'ng/mL' },
    },
  ];
  return {
    ...{ resourceType: 'Bundle', type: 'transaction' },
    entry: resources.map((resource, at) => ({
      ...(at === 0 && { fullUrl }),
      ...{ resource, request: { method: 'POST', url: resource.resourceType } },
    })),
  };
}
