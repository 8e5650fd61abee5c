import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { CHECKOUT } from '../../src/platform/checkout.js';
import { askingUser, type Latency } from './asking-user.js';
import { HOSTILE_ROLES, type HostileCall, hostileCalls, type HostileGround } from './hostile-calls.js';
import type { LoadOrder, LoadReport } from './hostile-load.js';
import { startTarget, type Target } from './target.js';

const CONNECTIONS = 50;
/** Each has the limits of a caller of its own. */
const KEYS_A_ROLE = 5;
const IDLE_MS = 3000;
const MOST_MEGABYTES = 1000;

export interface HostileOptions {
  /** The duration of each call's attack. */
  readonly milliseconds: number;
  /** The calls to make; default: all. */
  readonly which?: (call: HostileCall) => boolean;
  /** The limit of the other hospital's 99th percentile. */
  readonly p99Bound: (idleMs: number) => number;
  readonly onCall?: (line: string) => void;
}

const SHORT = [
  'POST /imports: recurrences of one day',
  'POST /patients/:id/preview: an interval of a week',
  'POST /patients/:id/events: another recurrence of the same day',
  'GET /worklist: the longest page',
  'GET /patients/:id/export: the longest page',
  'POST /plan-changes: a new policy each time',
  'POST /patients/search: a deep body',
  'POST /sign-in: wrong passwords',
];

/** One call for each kind of harm, with a limit for a machine that does other work at the same time. */
export const SHORT_FORM: HostileOptions = {
  milliseconds: 2000,
  which: ({ call, input }) => SHORT.includes(`${call}: ${input}`),
  p99Bound: () => 2000,
};

/**
 * The people and programs of one hospital make every kind of call with its worst input, over fifty connections each,
 * while the nurse of another hospital requests her worklist. Returns a line for each call that delayed her, and for
 * each exceeded limit of the process.
 */
export async function hostileTenant({
  milliseconds,
  which,
  p99Bound,
  onCall,
}: HostileOptions): Promise<string[]> {
  const target = await startTarget({ NEDWATCH_WEBHOOK_LOOPBACK: 'true' });
  const attacker = spawn(process.execPath, [join(CHECKOUT, 'dist-tools/test/attack/hostile-load.js')], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  try {
    const { ground, keys } = await hostileHospital(target);
    const nurseKey = await otherHospital(target);
    const idle = await latencyDuring(
      target,
      nurseKey,
      () => new Promise((done) => setTimeout(done, IDLE_MS)),
    );
    onCall?.(lineOf('nobody', idle, '', await peakMegabytes(target)));
    const bound = p99Bound(idle.p99);
    const violations: string[] = [];
    for (const [index, call] of hostileCalls(ground).entries()) {
      if (which && !which(call)) continue;
      const order: LoadOrder = {
        ...{ url: target.url, ground, keys, index, milliseconds, connections: CONNECTIONS },
      };
      let report: LoadReport = {};
      const latency = await latencyDuring(target, nurseKey, async () => {
        report = await ordered(attacker, order);
      });
      const line = lineOf(
        `${call.call}: ${call.input}`,
        latency,
        JSON.stringify(report),
        await peakMegabytes(target),
      );
      onCall?.(line);
      if (latency.failed > 0 || latency.p99 > bound) violations.push(line);
      if (Object.keys(report).some((status) => /^50[0124]$/.test(status)))
        violations.push(`server error: ${line}`);
      if (!target.runs()) return [...violations, `the program ended: ${line}`];
    }
    const memory = await peakMegabytes(target);
    if (memory > MOST_MEGABYTES) violations.push(`memory ${memory} MB`);
    return violations;
  } finally {
    attacker.kill();
    await target.stop();
  }
}

async function latencyDuring(target: Target, key: string, work: () => Promise<unknown>): Promise<Latency> {
  const user = askingUser(target.url, key);
  await work();
  return user.stop();
}

async function ordered(attacker: ChildProcess, order: LoadOrder): Promise<LoadReport> {
  const lines = createInterface(attacker.stdout!);
  attacker.stdin!.write(`${JSON.stringify(order)}\n`);
  const ended = once(attacker, 'exit').then(() => {
    throw new Error('The attacking process ended.');
  });
  const [line] = (await Promise.race([once(lines, 'line'), ended])) as [string];
  lines.close();
  return JSON.parse(line) as LoadReport;
}

const lineOf = (
  name: string,
  { asked, failed, median, p99, longest }: Latency,
  rest: string,
  memory: number,
): string =>
  `${name.padEnd(70)} ${asked} asked, ${failed} failed, median ${median}, p99 ${p99}, longest ${longest} ms; ` +
  `peak ${memory} MB ${rest}`;

/** The highest resident memory of the program so far. */
async function peakMegabytes(target: Target): Promise<number> {
  if (!target.runs()) return 0;
  const status = await readFile(`/proc/${target.pid}/status`, 'utf8');
  return Math.round(Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1]) / 1000);
}

/** The first hospital, with the demonstration cohort, a patient with a long history, and keys of each role. */
async function hostileHospital(target: Target): Promise<Pick<LoadOrder, 'ground' | 'keys'>> {
  const facts = {
    mrn: 'HOSTILE-1',
    name: '张三',
    sex: 'male',
    birthDate: '1950-05-05',
    diagnosisDate: '2019-12-20',
  };
  const patient = await target.send('POST', '/patients', facts);
  const resection = {
    type: 'primary_resection',
    date: '2020-01-15',
    site: 'colon',
    stage: 'III',
    intent: 'curative',
  };
  await target.send('POST', `/patients/${patient.id}/events`, {
    ...resection,
    preoperativeColonoscopy: 'complete',
  });
  const schedule = await target.send('GET', `/patients/${patient.id}/schedule`);
  const items = schedule['items'] as { id: string }[];
  // The discard port: no process listens there.
  const endpoint = await target.send('POST', '/webhook-endpoints', { url: 'http://127.0.0.1:9/nobody' });
  const ground: HostileGround = { patientId: patient.id, itemId: items[0]!.id, endpointId: endpoint.id };
  const keys: Partial<Record<(typeof HOSTILE_ROLES)[number], string[]>> = {};
  for (const role of HOSTILE_ROLES)
    keys[role] = await Promise.all(
      Array.from({ length: KEYS_A_ROLE }, async (_, n) => {
        const key = await target.send('POST', '/api-keys', { name: `${role} ${n}`, roles: [role] });
        return key.key as string;
      }),
    );
  return { ground, keys };
}

/** A hospital beside it; the key of its nurse. */
async function otherHospital(target: Target): Promise<string> {
  const administrator = { login: 'admin', name: 'Administrator' };
  const made = await target.send('POST', '/hospitals', { name: 'The other', code: 'other', administrator });
  const { setupCode } = made['administrator'] as { setupCode: string };
  const newPassword = 'Plum tree by the river gate 7';
  const signIn = { hospital: 'other', login: 'admin', setupCode, newPassword, as: 'token' };
  const { token } = (await target.send('POST', '/sign-in', signIn)) as unknown as { token: string };
  await target.send('POST', '/me/step-up', { password: newPassword }, token);
  const loader = await target.send('POST', '/api-keys', { name: 'loader', roles: ['head_nurse'] }, token);
  await target.load(loader.key as string);
  const nurse = await target.send('POST', '/api-keys', { name: 'nurse', roles: ['nurse'] }, token);
  return nurse.key as string;
}
