import { CdsRequest, medicalRecordNumbers } from '../../../src/exchange/cds-hooks/cds-request.js';
import { PATIENT_RESOURCES } from '../../../src/exchange/fhir/served-resources.js';
import { refuseSearch } from '../../../src/exchange/fhir/search-refusals.js';
import { stepsOf } from '../../../src/exchange/fhir/inbound/bundle-plan.js';
import { sourceOf } from '../../../src/exchange/fhir/inbound/inbound-entry.js';
import { readAppointment as readFhirAppointment } from '../../../src/exchange/fhir/inbound/reading/appointment.js';
import { readCondition } from '../../../src/exchange/fhir/inbound/reading/diagnosis.js';
import {
  measurementsIn,
  readFactObservation,
} from '../../../src/exchange/fhir/inbound/reading/observation.js';
import {
  patientNoted,
  readPerson as readFhirPerson,
} from '../../../src/exchange/fhir/inbound/reading/person.js';
import { readProcedure } from '../../../src/exchange/fhir/inbound/reading/procedure.js';
import { readReport } from '../../../src/exchange/fhir/inbound/reading/report.js';
import { isReadType, type ReadResource } from '../../../src/exchange/fhir/inbound/reading/resources.js';
import {
  type ReadEntry,
  readBundle,
  readResource,
} from '../../../src/exchange/fhir/inbound/request-reading.js';
import { incomingReport } from '../../../src/exchange/hl7/incoming-report.js';
import { numbersIn } from '../../../src/exchange/hl7/known-records.js';
import { laboratoryOf, measuredReports, valueOf } from '../../../src/exchange/hl7/measured-report.js';
import { answerBytes } from '../../../src/exchange/hl7/message-answer.js';
import { answerEach } from '../../../src/exchange/hl7/message-batches.js';
import { readContent } from '../../../src/exchange/hl7/message-content.js';
import { contextOf, patientNumber } from '../../../src/exchange/hl7/message-context.js';
import { facilityOf, headerOf } from '../../../src/exchange/hl7/message-header.js';
import { diagnosisDay, personInput } from '../../../src/exchange/hl7/person-input.js';
import { readCodedActs } from '../../../src/exchange/hl7/reading/coded-acts.js';
import { readMerges, readPerson } from '../../../src/exchange/hl7/reading/person.js';
import { readReports } from '../../../src/exchange/hl7/reading/report.js';
import { readAppointment } from '../../../src/exchange/hl7/reading/scheduling.js';
import type { Mapping } from '../../../src/exchange/mappings/mapping-file.js';
import { interpretReport } from '../../../src/exchange/mappings/report-rules.js';
import { GUIDELINES } from '../../../src/guideline/published/index.js';
import { acknowledge } from '../../../src/interop/hl7v2/acknowledgement.js';
import type { Hl7Message } from '../../../src/interop/hl7v2/er7.js';
import { isReadable } from '../../../src/interop/hl7v2/message-bounds.js';
import { framed, FrameReader, FrameRefused } from '../../../src/interop/hl7v2/mllp.js';
import { readSearch } from '../../../src/interop/fhir/search-parameters.js';
import { PatientInput } from '../../../src/patients/patient-input.js';
import { DomainError } from '../../../src/platform/domain-error.js';
import { parseJson } from '../../../src/platform/http/json-body.js';
import type { HospitalTransaction } from '../../../src/tenancy/hospital-scope.js';
import type { Chance } from '../../simulation/chance.js';

const timeZone = 'Asia/Shanghai';
const guideline = GUIDELINES.at(-1);
/** The readers use the hospital alone. */
const tx = { hospital: { timeZone, guideline } } as unknown as HospitalTransaction;

/** Runs `read`; a named refusal is an answer. */
function refusable<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof DomainError) return undefined;
    throw error;
  }
}

/** Reads a message as MLLP and HTTP do, up to the database. Throws for what is neither an answer nor a refusal. */
export async function readMessage(bytes: Buffer, mapping: Mapping, chance: Chance): Promise<void> {
  for (const frame of framesOf(bytes, chance)) {
    const { bytes: answer } = await answerEach(frame, (message) => {
      const header = headerOf(message);
      if (header) facilityOf(header);
      if (isReadable(message)) readWhole(message, mapping);
      const text = acknowledge(header, { code: 'AE', controlId: '1', time: '20261101', text: '|^~\\&\r' });
      return Promise.resolve({ bytes: answerBytes(text, undefined), isAccepted: false });
    });
    if (!/(^|\r)MSA.A[ER]/su.test(answer.toString())) throw new Error('The answer has no MSA.');
  }
}

/** The frames of a stream that is divided anywhere: the message itself, unless its bytes end it before. */
function framesOf(bytes: Buffer, chance: Chance): readonly Buffer[] {
  const reader = new FrameReader(300_000);
  const stream = framed(bytes);
  const frames: Buffer[] = [];
  const largest = chance.of([7, 500, 70_000]);
  try {
    for (let at = 0; at < stream.length;) {
      const size = chance.between(1, largest);
      for (const frame of reader.take(stream.subarray(at, at + size))) frames.push(frame);
      at += size;
    }
  } catch (error) {
    if (!(error instanceof FrameRefused)) throw error;
  }
  if (frames.length === 0 || (!bytes.includes('\x1c\r') && !frames[0]?.equals(bytes)))
    throw new Error('The frame is not the message.');
  return frames;
}

function readWhole(bytes: Buffer, mapping: Mapping): void {
  const read = readContent(bytes);
  if (read.message === undefined) return;
  const { message } = read;
  numbersIn(message);
  diagnosisDay(message);
  readMerges(message);
  const context = contextOf(message, 'm', mapping);
  for (const segment of message.segments) {
    if (segment.name !== 'PID') continue;
    const person = readPerson(segment);
    patientNumber(person.identifiers, mapping);
    const { fields } = personInput(person, message.first('PV1')?.first(3)?.text(1, 1));
    PatientInput.safeParse({
      ...fields,
      mrn: 'x',
      sex: fields.sex ?? 'unknown',
      diagnosisDate: '2026-01-02',
    });
  }
  readCodedActs(message);
  readAppointment(message);
  readResults(message, context);
}

function readResults(message: Hl7Message, context: ReturnType<typeof contextOf>): void {
  laboratoryOf(context);
  for (const report of readReports(message)) {
    for (const { observations } of refusable(() => measuredReports(tx, report, context)) ?? [])
      for (const one of observations) refusable(() => valueOf(one, context));
    const incoming = refusable(() => incomingReport(report, context, { patientId: 'p', timeZone }));
    if (incoming) interpretReport(context.mapping, incoming);
  }
}

/** Reads a body as the calls of FHIR and CDS Hooks do, up to the database. */
export function readJson(bytes: Buffer, mapping: Mapping): void {
  const body = refusable(() => parseJson(bytes));
  if (body === undefined) return;
  const { resourceType } = (body ?? {}) as { readonly resourceType?: unknown };
  const bundle = refusable(() => readBundle(body));
  const type = typeof resourceType === 'string' && isReadType(resourceType) ? resourceType : 'Patient';
  const alone = refusable(() => readResource(body, type, { is: 'create' }));
  const read = [...(bundle?.entries ?? []), ...(alone ? [{ is: 'read', entry: alone } as ReadEntry] : [])];
  const entries = read.flatMap((one) => (one.is === 'read' ? [one.entry] : []));
  refusable(() => stepsOf(entries, { timeZone, guideline, mapping }));
  for (const entry of entries) {
    sourceOf(entry, 'p');
    refusable(() => readResourceOf(entry.resource, mapping));
  }
  const request = CdsRequest.safeParse({
    ...{ hook: 'patient-view', hookInstance: 'x', context: { userId: 'x', patientId: 'x' } },
    prefetch: { patient: body },
  });
  const patient = request.data?.prefetch?.patient;
  if (patient) medicalRecordNumbers(patient, 'urn:own');
}

function readResourceOf(resource: ReadResource, mapping: Mapping): void {
  const context = { timeZone, guideline, mapping, at: 'X' };
  if (resource.resourceType === 'Patient') {
    patientNoted(resource);
    readFhirPerson(resource, mapping.patientNumber, timeZone, 'X');
  } else if (resource.resourceType === 'Condition') readCondition(resource, context);
  else if (resource.resourceType === 'Procedure') readProcedure(resource, context);
  else if (resource.resourceType === 'Appointment') readFhirAppointment(resource, context);
  else if (resource.resourceType === 'DiagnosticReport') readReport(resource, [], context);
  else {
    refusable(() => measurementsIn(resource, context));
    readFactObservation(resource, context);
  }
}

/** Reads a query as each type of resources does. */
export function readQuery(text: string): void {
  const query: Record<string, string[]> = {};
  for (const [name, value] of new URLSearchParams(text)) (query[name] ??= []).push(value);
  for (const served of PATIENT_RESOURCES) {
    const search = readSearch(query, { ...served, zone: timeZone });
    refusable(() => refuseSearch(search, served, { isStrict: true, language: 'zh' }));
  }
}
