import { expect } from '@jest/globals';
import { HospitalScope } from '../../src/tenancy/hospital-scope.js';
import { RolloutPreviews } from '../../src/schedules/policy-changes/rollout-previews.js';
import type { PolicyRolloutView } from '../../src/schedules/policy-changes/policy-rollout-schemas.js';
import { Replanning } from '../../src/schedules/policy-changes/replanning.js';
import { type AppOptions, startApp, type TestApp } from './app.js';
import { nextApp } from './next-app.js';
import { until } from './webhook-receiver.js';

/** The author and reason of decisions in these tests. */
export const DECISION = { author: 'Dr. Chen', reason: 'agreed in the department' };
export const MINIMAL = { policy: { profile: 'minimal' }, ...DECISION };

/** What a rollout changes. */
export const countsOf = ({ kept, moved, cancelled, added }: PolicyRolloutView) => ({
  kept,
  moved,
  cancelled,
  added,
});

/** A hospital with changes of its policy. By default, the test itself does the worker's part. */
export interface PlanningHospital extends TestApp {
  /** A patient with a stage I resection on that day. */
  givenPatient(resectedOn: string): Promise<string>;
  ask(input: object): Promise<string>;
  changeOf(id: string): Promise<PolicyRolloutView>;
  /** The rollout after it has reached that state. */
  reached(id: string, state: string): Promise<PolicyRolloutView>;
  previewAll(): Promise<void>;
  replanAll(): Promise<void>;
  /** A policy that has been previewed and put in force, before any replanning. */
  applied(input: object): Promise<string>;
  inScope<T>(work: () => Promise<T>): Promise<T>;
}

/** In an application of its own. */
export async function startPlanningHospital(options: AppOptions = {}): Promise<PlanningHospital> {
  return hospitalIn(await startApp({ role: 'api', ...options }));
}

/** In the one application of the test file; replaces the hospital `before`. The options of the first call apply. */
export async function nextPlanningHospital(
  before: PlanningHospital | undefined,
  options: AppOptions = {},
): Promise<PlanningHospital> {
  return hospitalIn(await nextApp(before, { role: 'api', ...options }));
}

function hospitalIn(t: TestApp): PlanningHospital {
  const inScope = <T>(work: () => Promise<T>): Promise<T> => t.app.get(HospitalScope).run(t.hospitalId, work);
  const ask = async (input: object): Promise<string> => {
    const { status, body } = await t.post('/plan-changes', input);
    expect([status, body.state]).toEqual([202, 'previewing']);
    return body.id as string;
  };
  const changeOf = async (id: string) => (await t.get(`/plan-changes/${id}`)).body as PolicyRolloutView;
  const previewAll = async (): Promise<void> => {
    while (await inScope(() => t.app.get(RolloutPreviews).nextBatch()));
  };
  return {
    ...t,
    givenPatient: (resectedOn) => givenPatient(t, resectedOn),
    ask,
    changeOf,
    reached: (id, wanted) =>
      until(
        () => changeOf(id),
        ({ state }) => state === wanted,
        60_000,
      ),
    previewAll,
    replanAll: async () => {
      while ((await inScope(() => t.app.get(Replanning).nextBatch(200))) > 0);
      await inScope(() => t.app.get(Replanning).finish());
    },
    applied: async (input) => {
      const id = await ask(input);
      await previewAll();
      expect((await t.post(`/plan-changes/${id}/apply`)).status).toBe(202);
      return id;
    },
    inScope,
  };
}

const RESECTION = {
  type: 'primary_resection',
  site: 'colon',
  stage: 'I',
  intent: 'curative',
  preoperativeColonoscopy: 'complete',
};
let mrns = 0;

async function givenPatient(t: TestApp, resectedOn: string): Promise<string> {
  const { body } = await t.post('/patients', {
    ...{ mrn: `P${++mrns}`, name: `李敏${mrns}`, sex: 'female', birthDate: '1960-05-05' },
    ...{ diagnosisDate: '2025-01-10', enrolledOn: resectedOn },
  });
  await t.post(`/patients/${body.id as string}/events`, { ...RESECTION, date: resectedOn });
  return body.id as string;
}
