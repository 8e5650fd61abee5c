/**
 * What the interfaces cost: admissions (ADT^A01) and results (ORU^R01) over MLLP to the committed fact with its plan, beside the
 * same facts by the services alone. Rounds alternate in one program and one database. Run: npm run bench:exchange, or with
 * another number of patients a round: npm run bench:exchange -- 300
 */
import { randomUUID } from 'node:crypto';
import { connect } from 'node:net';
import { Senders } from '../src/exchange/mllp/senders.service.js';
import { MllpListener } from '../src/exchange/mllp/mllp-listener.js';
import { framed, FrameReader } from '../src/interop/hl7v2/mllp.js';
import { PatientsService } from '../src/patients/patients.service.js';
import { PatientInput } from '../src/patients/patient-input.js';
import { readEvent } from '../src/patients/clinical-event-input.js';
import { SchedulesService } from '../src/schedules/schedules.service.js';
import { firstHospital } from '../src/tenancy/first-hospital.js';
import { HospitalScope } from '../src/tenancy/hospital-scope.js';
import type { Program } from '../src/app/program.js';
import { withFilledProgram } from './filled-program.js';

const ROUNDS = 9;
const PATIENTS = Number(process.argv[2] ?? 150);
/** Connections of the sender, and calls of the services at the same time: as many as one sender may have in work. */
const AT_ONCE = 2;
const FACILITY = 'BENCH';
/** The share of the services' rate that the interface has to reach. */
const LEAST = 0.6;

/** Each patient is another person: registrations of one name and birth date wait for each other. */
const nameOf = (mrn: string): string => `王${mrn.slice(0, 8)}`;

/** One way to record admissions and results of patients with these numbers. */
interface Way {
  readonly admit: (mrn: string) => Promise<unknown>;
  readonly report: (mrn: string) => Promise<unknown>;
}

await withFilledProgram(async ({ program }) => {
  const services = await byServices(program);
  const messages = await byMessages(program);
  await round(services.way, services.operate);
  await round(messages.way, services.operate);
  const ratios: { admit: number; report: number }[] = [];
  for (let count = 0; count < ROUNDS; count++) {
    const alone = await round(services.way, services.operate);
    const sent = await round(messages.way, services.operate);
    ratios.push({ admit: sent.admit / alone.admit, report: sent.report / alone.report });
    console.log(
      `ADT ${sent.admit.toFixed(0)} of ${alone.admit.toFixed(0)} a second, ORU ${sent.report.toFixed(0)} of ${alone.report.toFixed(0)}`,
    );
  }
  messages.close();
  const [admit, report] = [median(ratios.map((one) => one.admit)), median(ratios.map((one) => one.report))];
  console.log(
    `share of the services alone: ADT ${admit.toFixed(2)}, ORU ${report.toFixed(2)} (median of ${ROUNDS})`,
  );
  if (Math.min(admit, report) < LEAST) {
    console.error(`It has to be at least ${LEAST}.`);
    process.exitCode = 1;
  }
});

/** Facts per second of one way, with new patients. */
async function round(
  way: Way,
  operate: (mrn: string) => Promise<unknown>,
): Promise<{ admit: number; report: number }> {
  const mrns = Array.from({ length: PATIENTS }, () => randomUUID());
  const admit = await rate(mrns, way.admit);
  for (const mrn of mrns) await operate(mrn);
  return { admit, report: await rate(mrns, way.report) };
}

async function rate(mrns: readonly string[], record: (mrn: string) => Promise<unknown>): Promise<number> {
  const waiting = [...mrns];
  const start = performance.now();
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      for (let mrn = waiting.pop(); mrn !== undefined; mrn = waiting.pop()) await record(mrn);
    }),
  );
  return mrns.length / ((performance.now() - start) / 1000);
}

async function byServices({
  app,
}: Program): Promise<{ way: Way; operate: (mrn: string) => Promise<unknown> }> {
  const scope = app.get(HospitalScope);
  const hospitalId = await firstHospital(scope);
  const [patients, schedules] = [app.get(PatientsService), app.get(SchedulesService)];
  const ids = new Map<string, string>();
  const idOf = async (mrn: string): Promise<string> => {
    const known = ids.get(mrn);
    if (known !== undefined) return known;
    const [{ id }] = await scope.unaudited(({ db }) =>
      db.query<[{ id: string }]>('SELECT id FROM patient WHERE hospital_id = $1 AND mrn = $2', [
        hospitalId,
        mrn,
      ]),
    );
    ids.set(mrn, id);
    return id;
  };
  const record = (mrn: string, event: object): Promise<unknown> =>
    scope.run(hospitalId, async () =>
      schedules.recordEvent(await idOf(mrn), event as Parameters<typeof readEvent>[0]),
    );
  const admitted = {
    ...{ sex: 'male', birthDate: '1958-11-06' },
    diagnosisDate: '2026-01-02',
  };
  return {
    way: {
      admit: (mrn) =>
        scope.run(hospitalId, async () => {
          const { patient } = await patients.register(
            PatientInput.parse({ ...admitted, name: nameOf(mrn), mrn, ward: '胃肠外科' }),
          );
          ids.set(mrn, patient.id);
        }),
      report: (mrn) =>
        record(mrn, {
          ...{ type: 'exam', date: '2026-10-20', activity: 'tumour_markers' },
          values: [{ code: 'CEA', value: '2.4', unit: 'ng/mL', referenceLimit: 5 }],
        }),
    },
    operate: (mrn) =>
      record(mrn, {
        ...{ type: 'primary_resection', date: '2026-01-15', site: 'colon', stage: 'III', intent: 'curative' },
        preoperativeColonoscopy: 'complete',
      }),
  };
}

async function byMessages({ app }: Program): Promise<{ way: Way; close: () => void }> {
  const scope = app.get(HospitalScope);
  const sender = {
    name: 'HIS',
    facility: FACILITY,
    addresses: ['127.0.0.1/32'],
    certificateFingerprint: null,
  };
  await scope.run(await firstHospital(scope), () => app.get(Senders).register(sender));
  const port = await app.get(MllpListener).listen(0);
  const lines = Array.from({ length: AT_ONCE }, () => connection(port));
  const send = async (segments: readonly string[]): Promise<void> => {
    const line = lines.pop();
    if (line === undefined) throw new Error('More messages at once than connections.');
    const answer = await line.send(segments.map((segment) => `${segment}\r`).join(''));
    lines.push(line);
    if (!answer.includes('MSA|AA|')) throw new Error(answer);
  };
  const head = (type: string): string =>
    `MSH|^~\\&|HIS|${FACILITY}|NEDWATCH|${FACILITY}|20261101090000||${type}|${randomUUID().slice(0, 20)}|P|2.4||||||UNICODE UTF-8`;
  const pid = (mrn: string): string => `PID|1||${mrn}^^^${FACILITY}^MR||${nameOf(mrn)}||19581106|M`;
  return {
    way: {
      admit: (mrn) =>
        send([
          head('ADT^A01'),
          pid(mrn),
          'PV1|1|I|胃肠外科',
          'DG1|1||C18.7^乙状结肠恶性肿瘤^ICD10||20260102',
        ]),
      report: (mrn) =>
        send([
          ...[head('ORU^R01'), pid(mrn), `OBR|1||${mrn}^LIS|TM02^肿瘤标志物^LIS|||20261020071500`],
          'OBX|1|NM|CEA^癌胚抗原^LIS^2039-6^^LN||2.4|ng/mL|0-5.0||||F',
        ]),
    },
    close: () => lines.forEach((line) => line.close()),
  };
}

function connection(port: number): { send: (message: string) => Promise<string>; close: () => void } {
  const socket = connect(port, '127.0.0.1').setNoDelay();
  const reader = new FrameReader(1_000_000);
  let answered: (answer: string) => void = () => undefined;
  socket.on('data', (chunk: Buffer) => {
    for (const frame of reader.take(chunk)) answered(frame.toString());
  });
  return {
    send: (message) =>
      new Promise((resolve) => {
        answered = resolve;
        socket.write(framed(Buffer.from(message)));
      }),
    close: () => void socket.destroy(),
  };
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
