/**
 * How long the worklist takes in a hospital of SMALL patients and in one of LARGE: the first and tenth page of each list, the
 * counts, items by status, searches and a patient, through HTTP with all guards, beside the same statements sent by `pg`.
 * Prints p50 and p99 of both, the rate of HTTP as a share of that of `pg`, how much p99 and p50 grow with the hospital, the
 * bytes of a patient, and how long patients take to enrol beside a bare insert of their items. Calls of both hospitals
 * alternate, so that other work on the machine slows down both. What is beyond a limit is measured again, four times as
 * often: the p99 of sixty calls is the slowest of them.
 * Run: npm run bench:worklist -- LARGE CALLS SMALL (defaults: 30000 60 10000). NEDWATCH_BENCH_DATA: see
 * filled-program.ts.
 */
import { randomUUID } from 'node:crypto';
import { Agent, request } from 'node:http';
import { cpus, loadavg } from 'node:os';
import pg from 'pg';
import type { Program } from '../src/app/program.js';
import { isItemList, LISTS } from '../src/worklist/lists/list-sources.js';
import { bytesPerPatient, emptyPatients, measureEnrolment } from './enrolment.js';
import { type FilledHospital, QUIET_KM, QUIET_WARD, RARE_RULE, SURNAME } from './filled-hospital.js';
import { addressOf, type Percentiles, percentiles, shown, withFilledProgram } from './filled-program.js';

const LARGE = Number(process.argv[2] ?? 30_000);
const CALLS = Number(process.argv[3] ?? 60);
const SMALL = Number(process.argv[4] ?? 10_000);
/** Only calls whose name contains it. */
const ONLY = process.argv[5] ?? '';

const QUIET = encodeURIComponent(QUIET_WARD);

/** Filters that leave little or nothing of a list. */
const NOTHING_OF = [
  ['of a quiet department', `department=${QUIET}`],
  ['of a quiet ward', `ward=${QUIET}`],
  ['of a quiet group', `group=${QUIET}`],
  ['at a distance', `distanceFrom=${QUIET_KM}&distanceTo=${QUIET_KM}`],
  ['rare rule', `rule=${RARE_RULE}`],
  ['rare activity of a quiet ward', `ward=${QUIET}&activity=mri_liver`],
] as const;

/**
 * What both must hold to: p99 in the large hospital, and the share of the rate of `pg`. The growth of a page that is full in the
 * large hospital alone is printed and not judged: a page of 50 rows takes longer than one of three.
 */
const MOST_GROWTH = 1.5;
const LEAST_SHARE = 0.5;
/** So many times as often a call is measured again that seems to be beyond them. */
const AGAIN = 4;

const agent = new Agent({ keepAlive: true });
/** The statements of the call that runs; undefined: they are not recorded. */
let statementsSent: Statement[] | undefined;
recordStatements();
await withFilledProgram(async ({ program, hospitals }) => {
  try {
    let started = 0;
    const { small, large } = await hospitals({
      ...{ small: SMALL, large: LARGE },
      first: async () => {
        if (ONLY === '') {
          const { load, bare, sizes } = await measureEnrolment(program);
          console.log(
            `enrolment of the demonstration cohort: ${(load / bare).toFixed(2)} of a bare insert; ${sizes}`,
          );
          await emptyPatients(program);
        }
        started = performance.now();
      },
    });
    const filledIn =
      started === 0 ? '' : `, filled in ${((performance.now() - started) / 1000).toFixed(0)} s`;
    console.log(`${SMALL} and ${LARGE} patients${filledIn}; ${await bytesPerPatient(program)}`);
    await compare(program, small, large);
  } finally {
    agent.destroy();
  }
});

interface Call {
  readonly name: string;
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly payload?: object;
}

async function compare(made: Program, small: FilledHospital, large: FilledHospital): Promise<void> {
  console.log(`load average ${loadavg()[0]?.toFixed(2)} on ${cpus().length} cores`);
  const inSmall = await callsIn(made, small);
  const inLarge = await callsIn(made, large);
  const failures: string[] = [];
  for (const call of inSmall.filter(({ name }) => name.includes(ONLY))) {
    const other = inLarge.find(({ name }) => name === call.name);
    if (!other) continue;
    const judged = async (calls: number): Promise<string[]> => {
      const [one, two] = await measured(made, calls, [small, call], [large, other]);
      const growth = two.http.p99 / one.http.p99;
      const share = two.bare.p50 / two.http.p50;
      console.log(
        [
          call.name.padEnd(36),
          besides(one),
          besides(two),
          `p99 ${growth.toFixed(2)} times, p50 ${(two.http.p50 / one.http.p50).toFixed(2)}`,
          `${one.rows} and ${two.rows} rows`,
          `${one.pages} and ${two.pages} pages`,
          ...(calls === CALLS ? [] : [`again, ${calls} calls`]),
        ].join(' | '),
      );
      return [
        ...(growth > MOST_GROWTH && two.rows <= one.rows
          ? [`${call.name}: p99 grows ${growth.toFixed(2)} times`]
          : []),
        ...(share < LEAST_SHARE ? [`${call.name}: ${share.toFixed(2)} of the rate of pg`] : []),
      ];
    };
    if ((await judged(CALLS)).length > 0) failures.push(...(await judged(CALLS * AGAIN)));
  }
  console.log(`load average ${loadavg()[0]?.toFixed(2)}`);
  console.log(failures.length === 0 ? 'all within the limits' : `beyond the limits:\n${failures.join('\n')}`);
}

async function callsIn(made: Program, at: FilledHospital): Promise<Call[]> {
  const calls: Call[] = [];
  const get = (name: string, url: string): void => void calls.push({ name, method: 'GET', url });
  for (const list of LISTS) {
    const first = `/worklist?list=${list}&limit=50`;
    get(list, first);
    const tenth = await pageAfter(made, at, first, 9);
    if (tenth !== undefined) get(`${list}, page 10`, tenth);
    get(`${list} rare activity`, `${first}&activity=mri_liver`);
    get(`${list} of one nurse`, `${first}&owner=nurse-1`);
    get(`${list} of one ward`, `${first}&department=ward%203`);
    for (const [what, filter] of NOTHING_OF) get(`${list} ${what}`, `${first}&${filter}`);
    if (!isItemList(list)) continue;
    get(`${list} by item`, `${first}&view=items`);
    get(`${list} by item, of a quiet ward`, `${first}&view=items&ward=${QUIET}`);
  }
  for (const status of ['overdue', 'due', 'upcoming', 'missed', 'completed', 'overdue,due,upcoming']) {
    const first = `/worklist?status=${status}&limit=50`;
    get(`status=${status}`, first);
    const tenth = await pageAfter(made, at, first, 9);
    if (tenth !== undefined) get(`status=${status}, page 10`, tenth);
    get(`status=${status} rare activity`, `${first}&activity=mri_liver`);
    get(`status=${status} of one nurse`, `${first}&assignee=nurse-1`);
  }
  get('counts of all lists', '/lists');
  for (const [what, q] of [
    ['name', at.name],
    ['surname', SURNAME],
    ['mrn', at.mrn],
  ] as const)
    calls.push({ name: `search by ${what}`, method: 'POST', url: '/worklist/search', payload: { q } });
  const surname = { surname: SURNAME, limit: 50 };
  calls.push({ name: 'patients by surname', method: 'POST', url: '/patients/search', payload: surname });
  get('patient', `/patients/${at.patientId}`);
  get('schedule of a patient', `/patients/${at.patientId}/schedule`);
  return calls;
}

async function pageAfter(
  made: Program,
  at: FilledHospital,
  first: string,
  pages: number,
): Promise<string | undefined> {
  let url = first;
  for (let page = 0; page < pages; page++) {
    const payload = await send(made, at, { name: first, method: 'GET', url });
    const { nextCursor } = JSON.parse(payload) as { nextCursor: string | null };
    if (nextCursor === null) return undefined;
    url = `${first}&cursor=${nextCursor}`;
  }
  return url;
}

/** The text of the answer. */
async function send(made: Program, at: FilledHospital, call: Call): Promise<string> {
  const { hostname, port, pathname } = new URL(addressOf(made));
  const body = call.payload === undefined ? undefined : JSON.stringify(call.payload);
  return new Promise((resolve, reject) => {
    const sent = request(
      {
        ...{ agent, host: hostname, port, method: call.method, path: pathname + call.url },
        headers: {
          authorization: `Bearer ${at.key}`,
          ...(body === undefined
            ? {}
            : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }),
        },
      },
      (answer) => {
        const parts: Buffer[] = [];
        answer.on('data', (part: Buffer) => parts.push(part));
        answer.on('end', () => {
          const text = Buffer.concat(parts).toString();
          if (answer.statusCode === 200) resolve(text);
          else reject(new Error(`${call.name} answered ${answer.statusCode}: ${text}`));
        });
      },
    );
    sent.on('error', reject);
    sent.end(body);
  });
}

interface Measured {
  /** So many rows has the answer; of the counts, so many rows are counted. */
  readonly rows: number;
  /** The pages of 8 kB that its statements read. */
  readonly pages: number;
  readonly http: Percentiles;
  readonly bare: Percentiles;
}

function besides({ http, bare }: Measured): string {
  return `${shown(http)}, pg ${shown(bare)}, ${(bare.p50 / http.p50).toFixed(2)}`.padEnd(46);
}

/** Both calls over the whole path of a request, and their statements alone, in turns. */
async function measured(
  made: Program,
  calls: number,
  ...both: readonly [[FilledHospital, Call], [FilledHospital, Call]]
): Promise<[Measured, Measured]> {
  const client = new pg.Client({ connectionString: made.database.url });
  await client.connect();
  await client.query(`SET ROLE nedwatch_app; SET TIME ZONE 'UTC'`);
  const times = [];
  for (const [at, call] of both) {
    const once = (): Promise<string> => send(made, at, call);
    const rows = rowsIn(await once());
    const statements = await recorded(once);
    const pages = await pagesRead(client, statements);
    times.push({ once, rows, pages, statements, http: [] as number[], bare: [] as number[] });
  }
  for (let n = 0; n < calls; n++)
    for (const { once, statements, http, bare } of times) {
      http.push(await milliseconds(once));
      bare.push(
        await milliseconds(async () => {
          for (const one of statements) await client.query(one.text, valuesOf(one));
        }),
      );
    }
  await client.end();
  const [one, two] = times.map(({ rows, pages, http, bare }) => ({
    ...{ rows, pages },
    http: percentiles(http),
    bare: percentiles(bare),
  }));
  if (!one || !two) throw new Error('Two calls are compared.');
  return [one, two];
}

function rowsIn(answer: string): number {
  const { items, lists } = JSON.parse(answer) as {
    items?: unknown[];
    lists?: { count: { items: number } }[];
  };
  return items?.length ?? lists?.reduce((sum, { count }) => sum + count.items, 0) ?? 1;
}

interface Statement {
  readonly text: string;
  readonly values: unknown;
}

/** An audit entry can be written once, so each time it has another id. */
function valuesOf({ text, values }: Statement): unknown[] {
  const given = values as unknown[];
  return text.includes('INSERT INTO audit_event') ? [randomUUID(), ...given.slice(1)] : given;
}

/** The pages of 8 kB that the statements read; what they write is left out. */
async function pagesRead(client: pg.Client, statements: readonly Statement[]): Promise<number> {
  interface Explained {
    readonly 'QUERY PLAN': readonly [{ readonly Plan: Readonly<Record<string, number>> }];
  }
  let pages = 0;
  for (const { text, values } of statements) {
    if (!/^\s*(SELECT|WITH)\b/i.test(text)) {
      await client.query(text, valuesOf({ text, values }));
      continue;
    }
    const { rows } = await client.query<Explained>(
      `EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) ${text}`,
      valuesOf({ text, values }),
    );
    const plan = rows[0]?.['QUERY PLAN'][0].Plan;
    pages += (plan?.['Shared Hit Blocks'] ?? NaN) + (plan?.['Shared Read Blocks'] ?? NaN);
  }
  return pages;
}

/** The statements of one call. */
async function recorded(call: () => Promise<unknown>): Promise<Statement[]> {
  const statements: Statement[] = [];
  statementsSent = statements;
  try {
    await call();
  } finally {
    statementsSent = undefined;
  }
  return statements;
}

/** To be called before the program connects: a connection binds the method when it is made. */
function recordStatements(): void {
  const prototype = pg.Client.prototype as unknown as { query: (...asked: unknown[]) => unknown };
  const { query } = prototype;
  prototype.query = function (this: unknown, ...asked: unknown[]): unknown {
    const [text, values] = asked;
    if (typeof text === 'string') statementsSent?.push({ text, values });
    return query.apply(this, asked);
  };
}

async function milliseconds(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}
