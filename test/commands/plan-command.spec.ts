import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { CHECKOUT } from '../../src/platform/checkout.js';

const RESECTION = {
  ...{ type: 'primary_resection', date: '2012-01-15', site: 'colon', stage: 'II' },
  ...{ intent: 'curative', preoperativeColonoscopy: 'complete' },
};
const patient = (facts: Record<string, unknown> = {}): Record<string, unknown> => ({
  ...{ birthDate: '1950-05-05', diagnosisDate: '2011-12-20', events: [RESECTION], asOf: '2026-11-28' },
  ...facts,
});

interface Ran {
  readonly code: number | null;
  readonly plans: readonly { readonly items: readonly { due: string; status: string }[] }[];
  readonly errors: string;
}

/** Runs `plan` on this input; `closeAfter`: the reader of its output closes after this number of bytes. */
async function plan(input: string, closeAfter?: number): Promise<Ran> {
  const { PATH = '' } = process.env;
  const child = spawn(join(CHECKOUT, 'bin/nedwatch'), ['plan', '--lang', 'en'], { env: { PATH } });
  const errors = text(child.stderr);
  const exited = once(child, 'exit') as Promise<[number | null]>;
  child.stdin.on('error', () => undefined); // the command may have ended
  child.stdin.end(input);
  let out = '';
  for await (const chunk of child.stdout) {
    out += String(chunk);
    if (closeAfter !== undefined && out.length >= closeAfter) break;
  }
  child.stdout.destroy();
  const [code] = await exited;
  const lines = closeAfter === undefined ? out.split('\n').filter(Boolean) : [];
  return { code, plans: lines.map((line) => JSON.parse(line) as Ran['plans'][0]), errors: await errors };
}

test('a byte order mark before the first patient is ignored', async () => {
  const { code, plans, errors } = await plan(`\uFEFF${JSON.stringify(patient())}\n`);

  expect({ code, errors, plans: plans.length }).toEqual({ code: 0, errors: '', plans: 1 });
});

test('a reader that closes early ends the command quietly', async () => {
  const many = `${JSON.stringify(patient())}\n`.repeat(2000);

  expect(await plan(many, 300)).toMatchObject({ code: 0, errors: '' });
});

test('a patient operated on fourteen years ago has dates ahead', async () => {
  const { plans } = await plan(JSON.stringify(patient()));
  const upcoming = plans[0]!.items.filter(({ status }) => status === 'upcoming');

  expect(upcoming.at(-1)?.due.slice(0, 4)).toBe('2029');
});

test.each([
  [
    'an enrolment after the day of planning',
    { enrolledOn: '2026-11-29' },
    '/enrolledOn: 2026-11-29 lies after',
  ],
  [
    'a year that nobody lives in',
    { asOf: '9990-01-01' },
    '/asOf: 9990-01-01 is outside 1850-01-01 to 2200-12-31',
  ],
  ['a horizon that nobody lives to', { until: '9999-12-31' }, '/until: 9999-12-31 is outside'],
  ['a birth in antiquity', { birthDate: '0150-05-05' }, '/birthDate: 0150-05-05 is outside'],
])('%s is refused with its field; the other patients are planned', async (_, facts, message) => {
  const input = [patient(facts), patient()].map((one) => JSON.stringify(one)).join('\n');
  const { code, plans, errors } = await plan(input);

  expect({ code, plans: plans.length }).toEqual({ code: 2, plans: 1 });
  expect(errors).toContain(`line 1: ${message}`);
});
