import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../support/redis.js';
import { removeDataFolder } from '../../support/data-folder.js';
import { MllpSender } from '../../support/mllp-sender.js';
import { startProgramProcess } from '../../support/program.js';
import { Chance } from '../../simulation/chance.js';
import { framed } from '../../../src/interop/hl7v2/mllp.js';
import { damagedBytes, damagedJson } from './damage.js';
import { SEEDS } from './seeds.js';

const KEY = 'nw_fuzz-administrator';
/** Of one answer, on a busy machine. */
const ANSWER_MS = 30_000;

interface Sending {
  readonly url: string;
  readonly port: number;
  readonly chance: Chance;
  readonly answers: Record<string, number>;
  readonly violations: string[];
}

/** Sends damaged messages and resources to a program of its own. A violation names what was sent. */
export async function sendDamaged(
  seed: number,
  count: number,
): Promise<{ readonly violations: readonly string[]; readonly answers: Readonly<Record<string, number>> }> {
  const [data, port] = [await mkdtemp(join(tmpdir(), 'nedwatch-fuzz-')), await freePort()];
  const program = await startProgramProcess({
    ...{ NEDWATCH_DATA: data, NEDWATCH_ADMIN_KEY: KEY, NEDWATCH_CLOCK: '2026-11-01T09:00:00+08:00' },
    ...{ NEDWATCH_MLLP_PORT: String(port), NEDWATCH_REQUESTS_PER_SECOND: '100000' },
  });
  const sending: Sending = {
    url: program.url,
    port,
    chance: new Chance(`sent ${seed}`),
    answers: {},
    violations: [],
  };
  try {
    await called(sending, 'POST', '/api/v1/hl7v2-senders', {
      body: JSON.stringify({ name: 'HIS', facility: 'SLZL', addresses: ['127.0.0.1'] }),
      type: 'application/json',
    });
    for (let sent = 0; sent < count; sent++) await sendOne(sending, sent);
    if (!program.runs()) sending.violations.push('the program ended');
    return sending;
  } finally {
    await program.stop();
    await removeDataFolder(data);
  }
}

async function sendOne(sending: Sending, sent: number): Promise<void> {
  const { chance } = sending;
  const way = chance.of(['mllp', 'hl7', 'bundle', 'resource'] as const);
  if (way === 'mllp') return overMllp(sending, numbered(damagedBytes(chance, SEEDS.messages), sent));
  if (way === 'hl7')
    return called(sending, 'POST', '/api/v1/hl7v2', {
      ...{ body: numbered(damagedBytes(chance, SEEDS.messages), sent), type: 'x-application/hl7-v2+er7' },
    });
  const body = damagedJson(chance, SEEDS.resources);
  const type = chance.of([
    'Patient',
    'Condition',
    'Procedure',
    'Observation',
    'DiagnosticReport',
    'Appointment',
  ]);
  const path = way === 'bundle' ? '/fhir' : `/fhir/${type}`;
  return called(sending, 'POST', path, { body, type: 'application/fhir+json' });
}

/** With a control id of its own, where the header was not damaged. */
const numbered = (message: Buffer, sent: number): Buffer =>
  Buffer.from(message.toString('latin1').replace(/^(MSH\|(?:[^|\r]*\|){8})[^|\r]*/, `$1Z${sent}`), 'latin1');

async function called(
  { url, answers, violations }: Sending,
  method: string,
  path: string,
  { body, type }: { readonly body: string | Buffer; readonly type: string },
): Promise<void> {
  const shown = (): string => Buffer.from(body).subarray(0, 2000).toString('base64');
  try {
    const answer = await fetch(`${url}${path}`, {
      ...{ method, body: typeof body === 'string' ? body : new Uint8Array(body) },
      headers: { authorization: `Bearer ${KEY}`, 'content-type': type },
      signal: AbortSignal.timeout(ANSWER_MS),
    });
    const text = await answer.text();
    count(answers, `HTTP ${answer.status}`);
    if (answer.status >= 500) violations.push(`${path} ${answer.status} ${text.slice(0, 200)}: ${shown()}`);
    if (path.endsWith('/hl7v2') && /(^|\r)MSA\|AA\|/.test(text))
      await expectStored(url, text, violations, shown());
  } catch (error) {
    violations.push(`${path} ${String(error)}: ${shown()}`);
  }
}

async function overMllp(sending: Sending, message: Buffer): Promise<void> {
  const { url, port, answers, violations } = sending;
  const sender = await MllpSender.connect(port);
  const shown = message.subarray(0, 2000).toString('base64');
  const timeout = setTimeout(() => {
    violations.push(`MLLP no answer: ${shown}`);
    sender.close();
  }, ANSWER_MS);
  sender.write(framed(message));
  const answer = await sender.next();
  clearTimeout(timeout);
  sender.close();
  const code = /(?:^|\r)MSA.(A[AER]|C[AER])/s.exec(answer ?? '')?.[1] ?? 'closed';
  count(answers, `MLLP ${code}`);
  if (answer !== undefined && /(^|\r)MSA\|AA\|/.test(answer))
    await expectStored(url, answer, violations, shown);
}

/** Each message that the answer accepts is in the log. */
async function expectStored(url: string, answer: string, violations: string[], shown: string): Promise<void> {
  for (const [, id = ''] of answer.matchAll(/(?:^|\r)MSA\|[AC]A\|(Z\d+)\r?/g)) {
    const headers = { authorization: `Bearer ${KEY}` };
    const found = await fetch(`${url}/api/v1/hl7v2-messages?controlId=${id}`, { headers });
    const { items = [] } = (await found.json()) as {
      readonly items?: readonly { readonly outcome: string }[];
    };
    if (!items.some(({ outcome }) => outcome !== 'refused'))
      violations.push(`acknowledged and not stored, ${id}: ${shown}`);
  }
}

const count = (answers: Record<string, number>, name: string): void => {
  answers[name] = (answers[name] ?? 0) + 1;
};
