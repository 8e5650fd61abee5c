/**
 * The time and memory of a policy preview over 10,000 and over 100,000 patients. Each runs in a process of its own,
 * so that its memory peak is its own. Prints the ratio of the peaks, which does not grow with the number of patients.
 * Run: npm run bench:preview
 */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { v7 as uuid } from 'uuid';
import { DEFAULT_POLICY } from '../src/tenancy/policy/hospital-policy.js';
import { HospitalScope, type HospitalTransaction } from '../src/tenancy/hospital-scope.js';
import { PolicyVersion } from '../src/tenancy/policy/policy-version.entity.js';
import { Hospital } from '../src/tenancy/hospital.entity.js';
import { loadConfig } from '../src/platform/config.js';
import { addDays, addMonths, calendarDate, type CalendarDate } from '../src/guideline/calendar.js';
import type { ClinicalFact } from '../src/guideline/facts.js';
import { insertEvents, insertPatients } from '../src/patients/patient-rows.js';
import { INDEX_VERSION } from '../src/patients/identity.js';
import type { Patient } from '../src/patients/patient.entity.js';
import { sealIdentities } from '../src/patients/identity.js';
import { eventOf } from '../src/patients/recorded-events.js';
import { type Program, startProgram } from '../src/app/program.js';
import { PolicyRolloutsService } from '../src/schedules/policy-changes/policy-rollouts.service.js';
import { RolloutPreviews } from '../src/schedules/policy-changes/rollout-previews.js';
import { PLANNER_REVISION } from '../src/guideline/planner.js';
import { removeDataFolder } from '../test/support/data-folder.js';

const SIZES = [10_000, 100_000];
const STORED_AT_ONCE = 1000;

// V8 delays garbage collection, and the short preview might end before any. The heap limit here is twice that of the
// idle program: memory that grows with the number of patients would show, or exceed it.
const HEAP = '--max-old-space-size=128';

/** The answer of the process that previews. */
interface Measured {
  readonly seconds: number;
  readonly restMegabytes: number;
  readonly peakMegabytes: number;
  readonly counts: string;
}

const program = (data: string): Promise<Program> =>
  startProgram(
    loadConfig({
      ...process.env,
      NEDWATCH_DATA: data,
      NEDWATCH_CLOCK: '2026-11-01T09:00:00+08:00',
      NEDWATCH_LOG: 'warn',
      NEDWATCH_ROLE: 'api',
    }),
  );

async function compare(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'nedwatch-bench-'));
  await chmod(folder, 0o755); // as root, PostgreSQL runs as another user
  const running = await program(folder);

  let child: ChildProcess | undefined;
  try {
    const peaks: number[] = [];
    for (const size of SIZES) {
      const hospital = await givenHospital(running, size);
      child = fork(fileURLToPath(import.meta.url), [folder, hospital], { execArgv: [HEAP] });
      const [measured] = (await once(child, 'message')) as [Measured];
      await once(child, 'exit');
      peaks.push(measured.peakMegabytes);
      console.log(
        `${size} patients: ${measured.seconds.toFixed(1)} s, ${Math.round(size / measured.seconds)} patients a second, ` +
          `peak ${measured.peakMegabytes.toFixed(0)} MB (${measured.restMegabytes.toFixed(0)} MB before); ${measured.counts}`,
      );
    }
    console.log(`peak of ${SIZES[1]!} beside ${SIZES[0]!}: ${(peaks[1]! / peaks[0]!).toFixed(2)}`);
  } finally {
    child?.kill();
    await running.close();
    await removeDataFolder(folder);
  }
}

async function preview(folder: string, hospital: string): Promise<void> {
  const running = await program(folder);
  const { app } = running;
  const restMegabytes = process.memoryUsage().rss / 1e6;
  const measured = await app.get(HospitalScope).run(hospital, async (): Promise<Measured> => {
    const { id } = await app.get(PolicyRolloutsService).ask({
      policy: { profile: 'minimal', liverImaging: 'mri' },
      author: 'bench',
      reason: 'bench',
    });
    const start = performance.now();
    while (await app.get(RolloutPreviews).nextBatch());
    const seconds = (performance.now() - start) / 1000;
    const { state, patientsDone, kept, moved, cancelled, added } = await app
      .get(PolicyRolloutsService)
      .get(id);
    const counts = `${state} ${patientsDone}: ${kept} kept, ${moved} moved, ${cancelled} cancelled, ${added} added`;
    return { seconds, restMegabytes, peakMegabytes: process.resourceUsage().maxRSS / 1000, counts };
  });
  await running.close();
  process.send!(measured);
  process.disconnect();
}

async function givenHospital({ app, database }: Program, size: number): Promise<string> {
  const scope = app.get(HospitalScope);
  const id = uuid();
  const policy = { ...DEFAULT_POLICY, guideline: 'crlm-cn-2025@1.0.0' };
  const createdAt = new Date();
  const place = { name: `${size} patients`, timeZone: 'Asia/Shanghai', language: 'zh' as const };
  await database.asOwner(async (owner) => {
    await owner.getRepository(Hospital).insert({ id, ...place, policy, createdAt });
    await owner.getRepository(PolicyVersion).insert({ hospitalId: id, version: 1, policy, createdAt });
  });
  for (let first = 0; first < size; first += STORED_AT_ONCE) {
    await scope.run(id, () =>
      scope.transaction(async (tx) => {
        const count = Math.min(STORED_AT_ONCE, size - first);
        const patients = Array.from({ length: count }, (_, index) => patientOf(tx, first + index));
        const identities = await sealIdentities(tx, patients);
        const sealed = patients.map((patient, index) => ({ ...patient, ...identities[index]! }));
        await insertPatients(tx.db, sealed);
        const events = patients.flatMap((patient, index) =>
          historyOf(patient, first + index, tx.today).map((fact) => eventOf(patient, fact, tx)),
        );
        await insertEvents(tx, events);
      }),
    );
  }
  await database.asOwner((owner) => owner.query('ANALYZE patient, clinical_event'));
  return id;
}

const patientOf = ({ hospital, today, now }: HospitalTransaction, index: number): Patient => ({
  id: uuid(),
  hospitalId: hospital.id,
  mrn: `P${index}`,
  name: '张三',
  sex: index % 2 === 0 ? 'female' : 'male',
  birthDate: calendarDate('1961-04-05'),
  diagnosisDate: addMonths(today, -1 - (index % 72)),
  phone: null,
  identityNumber: null,
  blindIndex: null,
  indexVersion: INDEX_VERSION,
  identityShared: false,
  responsibleNurse: null,
  responsiblePersonId: null,
  department: null,
  ...{ ward: null, group: null, distanceKm: null },
  profile: index % 20 === 0 ? 'intensive' : null,
  liverImaging: null,
  enrolledOn: addMonths(today, -(index % 24)),
  replanOn: null,
  plannerRevision: PLANNER_REVISION,
  policyVersion: hospital.policyVersion,
  erasedAt: null,
  erasedBy: null,
  erasureGround: null,
  mergedInto: null,
  createdAt: now,
});

/** A resection within six years, the exams since then, and for every third patient liver metastases and NED. */
function historyOf({ diagnosisDate }: Patient, index: number, today: CalendarDate): ClinicalFact[] {
  const surgery = addDays(diagnosisDate, 20);
  const stage = ['I', 'II', 'III'][index % 3];
  const events: ClinicalFact[] = [
    {
      type: 'primary_resection',
      date: surgery,
      site: 'colon',
      stage,
      intent: 'curative',
      preoperativeColonoscopy: index % 5 === 0 ? 'incomplete' : 'complete',
    },
    { type: 'exam', date: addMonths(surgery, 3), activity: 'tumour_markers', outcome: 'normal' },
    { type: 'exam', date: addMonths(surgery, 6), activity: 'liver_ultrasound', outcome: 'normal' },
    { type: 'colonoscopy', date: addMonths(surgery, 12), finding: index % 7 === 0 ? 'abnormal' : 'normal' },
  ];
  if (index % 3 === 0)
    events.push(
      { type: 'liver_metastasis_diagnosed', date: addMonths(surgery, 14) },
      { type: 'liver_ned', date: addMonths(surgery, 18), by: 'resection' },
    );
  return events.filter(({ date }) => date <= today);
}

const [, , data, hospitalId] = process.argv;
if (data !== undefined && hospitalId !== undefined) await preview(data, hospitalId);
else await compare();
