import { afterEach, expect, test } from '@jest/globals';
import { loadDemo } from '../../src/exchange/imports/demo.js';
import { PolicyRolloutWorker } from '../../src/schedules/policy-changes/policy-rollout-worker.js';
import {
  countsOf,
  DECISION,
  MINIMAL,
  type PlanningHospital,
  startPlanningHospital,
} from '../support/planning-hospital.js';
import { type RunningProgram, startProgramProcess } from '../support/program.js';
import { until } from '../support/webhook-receiver.js';

/** More than one batch of a preview, and three batches of a worker that applies a rollout. */
const SEVERAL_BATCHES = 600;

let t: PlanningHospital;
const workers: RunningProgram[] = [];
afterEach(async () => {
  await Promise.all(workers.splice(0).map((worker) => worker.kill()));
  await t.close();
});

/** Runs the worker while another hospital requests a preview. The other, empty hospital's preview is done first. */
async function previewedBesideAnother(id: string): Promise<void> {
  const round = t.app.get<{ work(): Promise<void> }>(PolicyRolloutWorker).work();
  await until(
    () => t.changeOf(id),
    ({ patientsDone }) => patientsDone > 0,
  );
  const [other] = await t.dataSource.query<[{ id: string }]>(
    `WITH place AS (
       INSERT INTO hospital (id, name, code, time_zone, language, policy)
       SELECT gen_random_uuid(), 'Other', 'other', time_zone, language, policy FROM hospital RETURNING id, policy),
     versions AS (INSERT INTO hospital_policy (hospital_id, version, policy) SELECT id, 1, policy FROM place)
     INSERT INTO plan_change (id, hospital_id, state, policy, based_on_version, patients_total, author, reason, created_at, changed_at)
     SELECT gen_random_uuid(), place.id, 'previewing', c.policy, 1, 0, c.author, c.reason, c.created_at, c.changed_at
       FROM plan_change c, place WHERE c.id = $1 RETURNING id`,
    [id],
  );
  expect((await t.changeOf(id)).state).toBe('previewing');
  await round;
  const rows = await t.dataSource.query('SELECT id, state FROM plan_change ORDER BY changed_at');
  expect(rows).toEqual([other.id, id].map((each) => ({ id: each, state: 'previewed' })));
}

test('although workers are killed, every patient is counted once and replanned once', async () => {
  t = await startPlanningHospital();
  await loadDemo(t.app, SEVERAL_BATCHES);
  const alone = await t.ask(MINIMAL);
  await previewedBesideAnother(alone);
  const id = await t.ask(MINIMAL);
  const work = async (): Promise<RunningProgram> => {
    const worker = await startProgramProcess({
      DATABASE_URL: t.config.databaseUrl!,
      NEDWATCH_ROLE: 'worker',
    });
    workers.push(worker);
    return worker;
  };
  const first = await work();
  await until(
    () => t.changeOf(id),
    ({ patientsDone }) => patientsDone > 0,
  );
  await first.kill();
  // PostgreSQL takes a moment to release the locks of the killed worker. Until then its rows are skipped.
  await until(
    async () => (await t.previewAll(), t.changeOf(id)),
    ({ state }) => state === 'previewed',
  );
  expect(countsOf(await t.changeOf(id))).toEqual(countsOf(await t.changeOf(alone)));

  // The trigger counts committed updates only, not those that were lost with a worker.
  await t.dataSource.query(`
    CREATE TABLE replanned (patient_id uuid, version integer);
    GRANT ALL ON replanned TO nedwatch_app;
    CREATE FUNCTION note_replanned() RETURNS trigger LANGUAGE plpgsql AS
      'BEGIN INSERT INTO replanned VALUES (NEW.id, NEW.policy_version); RETURN NULL; END';
    CREATE TRIGGER note AFTER UPDATE OF policy_version ON patient FOR EACH ROW EXECUTE FUNCTION note_replanned();`);
  await t.post(`/plan-changes/${id}/apply`);
  await Promise.all([work(), work()]);
  await until(
    () => t.changeOf(id),
    ({ patientsDone }) => patientsDone > 0,
  );
  await Promise.all(workers.map((worker) => worker.kill()));
  const halfway = await t.changeOf(id);
  expect(halfway.patientsDone).toBeLessThan(SEVERAL_BATCHES);

  const last = await work();
  const done = await t.reached(id, 'applied');
  expect([done.patientsDone, done.patientsTotal]).toEqual([SEVERAL_BATCHES, SEVERAL_BATCHES]);
  const [counted] = await t.dataSource.query(
    'SELECT count(*) AS times, count(DISTINCT patient_id) AS patients, max(version) AS version FROM replanned',
  );
  expect(counted).toEqual({ times: SEVERAL_BATCHES, patients: SEVERAL_BATCHES, version: 2 });

  await t.post(`/plan-changes/${id}/undo`, DECISION);
  await until(
    () => t.changeOf(id),
    ({ patientsDone }) => patientsDone > 0,
  );
  expect(await last.stop()).toBe(0); // a graceful stop in the middle of the rollout
  workers.splice(0);
  await t.replanAll();
  expect((await t.changeOf(id)).state).toBe('undone');
}, 180_000);
