/**
 * How long the lists take in a hospital of 10,000 patients and in one of N (default 30,000): the first and tenth page of
 * each list, the counts, a search and a patient, over HTTP with all guards, beside the same statements sent by `pg`.
 * Prints p50 and p99 and the ratio of both. Run: npm run bench:worklist -- 300000
 */
import { randomUUID } from 'node:crypto';
import { chmod, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { v7 as uuidv7 } from 'uuid';
import { firstKey } from '../src/app/first-start.js';
import { type Program, startProgram } from '../src/app/program.js';
import { hashOfKey } from '../src/accounts/api-keys/api-keys.service.js';
import { sealIdentities } from '../src/patients/identity.js';
import { loadConfig } from '../src/platform/config.js';
import { HospitalScope } from '../src/tenancy/hospital-scope.js';
import { OvertakenItems } from '../src/worklist/lists/overtaken-items.js';
import { LISTS } from '../src/worklist/lists/list-sources.js';
import { removeDataFolder } from '../test/support/data-folder.js';

const SMALL = 10_000;
const LARGE = Number(process.argv[2] ?? 30_000);
const CALLS = Number(process.argv[3] ?? 60);
const BATCH = 2000;

const data = await mkdtemp(join(tmpdir(), 'nedwatch-bench-'));
await chmod(data, 0o755); // as root, PostgreSQL runs as another user
const key = `nw_${randomUUID()}`;
const environment = {
  NEDWATCH_DATA: data,
  NEDWATCH_CLOCK: '2026-11-01T09:00:00+08:00',
  NEDWATCH_LOG: 'warn',
  NEDWATCH_ROLE: 'api',
  NEDWATCH_ADMIN_KEY: key,
};
const program = await startProgram(loadConfig({ ...process.env, ...environment }));
try {
  await program.database.asOwner((owner) => firstKey(owner, { adminKey: key }));
  const small = await hospitalOf(program, SMALL);
  const large = await hospitalOf(program, LARGE);
  await program.database.asOwner((owner) => owner.query('VACUUM ANALYZE'));
  await compare(program, small, large);
} finally {
  await program.close();
  await removeDataFolder(data);
}

interface Filled {
  readonly id: string;
  readonly key: string;
  readonly patientId: string;
}

/** A hospital with so many patients of 24 items each, a nurse of 800 patients, and steps on some items. */
async function hospitalOf({ app, database }: Program, patients: number): Promise<Filled> {
  const id = uuidv7();
  const ownKey = `nw_${randomUUID()}`;
  await database.asOwner(async (owner) => {
    await owner.query(
      `INSERT INTO hospital SELECT (jsonb_populate_record(h, jsonb_build_object('id', $1::text, 'name', $1::text, 'code', 'b' || left(md5($1::text), 8)))).*
         FROM hospital h ORDER BY h.id LIMIT 1`,
      [id],
    );
    await owner.query(
      `INSERT INTO api_key SELECT (jsonb_populate_record(k, jsonb_build_object('id', $1::text, 'hospital_id', $2::text))).* FROM api_key k LIMIT 1`,
      [uuidv7(), id],
    );
    await owner.query('UPDATE api_key SET key_hash = $2 WHERE hospital_id = $1', [id, hashOfKey(ownKey)]);
  });
  const scope = app.get(HospitalScope);
  let patientId = '';
  for (let from = 0; from < patients; from += BATCH) {
    const people = Array.from({ length: Math.min(BATCH, patients - from) }, (_, n) => ({
      ...{ id: uuidv7(), name: `张三${from + n}`, phone: null, identityNumber: null },
    }));
    patientId = people[0]?.id ?? patientId;
    const sealed = await scope.run(id, () => scope.transaction((tx) => sealIdentities(tx, people)));
    await database.asOwner((owner) =>
      owner.query(FILL, [
        id,
        people.map((one) => one.id),
        sealed.map((one) => one.name),
        sealed.map((one) => one.blindIndex?.map((term) => term.toString('hex')).join(',') ?? ''),
        from,
      ]),
    );
  }
  await scope.run(id, () => app.get(OvertakenItems).mark());
  return { id, key: ownKey, patientId };
}

/** Three activities every quarter and two a year, from a year ago to two years ahead; two of three patients keep their dates. */
const FILL = `
  WITH people AS (
    INSERT INTO patient (id, hospital_id, mrn, name, sex, birth_date, diagnosis_date, enrolled_on, responsible_nurse, department,
                         search_terms, index_version, planner_revision)
    SELECT id, $1, 'M' || ($5::integer + n), name, 'female', '1960-05-05', '2025-01-10', '2025-06-01',
           CASE WHEN ($5::integer + n) <= 800 THEN 'Wang' ELSE 'nurse ' || ($5::integer + n) / 800 END, 'ward ' || n % 12,
           (SELECT array_agg(decode(term, 'hex')) FROM unnest(string_to_array(terms, ',')) AS term), 2, 99
      FROM unnest($2::uuid[], $3::text[], $4::text[]) WITH ORDINALITY AS new (id, name, terms, n)
    RETURNING id, hospital_id, substr(mrn, 2)::integer AS n),
  slots AS (
    SELECT p.id AS patient_id, p.hospital_id, p.n, a.activity, k,
           '2026-11-01'::date + (p.n * 37) % a.every - a.every + k * a.every AS due, a.every,
           (p.n % 3 = 0) AS misses
      FROM people p
      CROSS JOIN LATERAL (VALUES ('clinical_review', 91), ('tumour_markers', 91), ('liver_ultrasound', 91),
                                 ('ct_chest_abdomen_pelvis', 365), (CASE WHEN p.n % 500 = 0 THEN 'chest_ct' ELSE 'colonoscopy' END, 365)) AS a (activity, every)
      CROSS JOIN LATERAL generate_series(CASE WHEN a.every = 91 THEN -3 ELSE 0 END, CASE WHEN a.every = 91 THEN 7 ELSE 2 END) AS k)
  INSERT INTO surveillance_item (id, hospital_id, patient_id, guideline, key, pathway, rule, activity, covers, sequence, phase,
    measured_from, earliest, due, overdue, missed_on, before_enrolment, projected, deviates, state, completed_on, step, step_on, step_until)
  SELECT gen_random_uuid(), hospital_id, patient_id, 'crlm-cn-2025@1.1.0', activity || k, 'bench', activity, activity, '{}', 1, 0,
         due - every, due - 14, due, due + 28, due + every - 14, false, false, false,
         CASE WHEN done THEN 'completed' ELSE 'active' END, CASE WHEN done THEN due END, step,
         CASE WHEN step IN ('booked', 'attended', 'not_attended') THEN CASE WHEN step = 'booked' THEN due + 1 ELSE due - 10 END END,
         CASE WHEN step IN ('deferred', 'declined') THEN due + 5 END
    FROM (SELECT *, due <= '2026-11-01' AND NOT misses AND n % 10 < 7 AS done,
                 CASE WHEN due BETWEEN '2026-10-15' AND '2026-11-20' AND (misses OR n % 10 >= 7 OR due > '2026-11-01') THEN
                   CASE (n / 3) % 20 WHEN 0 THEN 'booked' WHEN 1 THEN 'booked' WHEN 2 THEN 'attended' WHEN 3 THEN 'not_attended'
                                     WHEN 4 THEN 'deferred' WHEN 5 THEN CASE WHEN n % 400 = 0 THEN 'declined' END END END AS step
            FROM slots) AS s`;

interface Call {
  readonly name: string;
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly payload?: object;
}

async function compare(made: Program, small: Filled, large: Filled): Promise<void> {
  for (const list of LISTS)
    for (const [name, query] of [
      ['', ''],
      [' items', '&view=items'],
      [' rare activity', '&activity=chest_ct'],
      [' of one nurse', '&owner=Wang'],
      [' of one ward', '&department=ward 3'],
    ] as const) {
      const calls = async (at: Filled): Promise<Call[]> => {
        const first = `/worklist?list=${list}&limit=50${encodeURI(query)}`;
        const tenth = name === '' ? await pageAfter(made, at, first, 9) : undefined;
        return [
          { name: `${list}${name}`, method: 'GET', url: first },
          ...(tenth === undefined ? [] : [{ name: `${list}, page 10`, method: 'GET' as const, url: tenth }]),
        ];
      };
      await print(made, [small, await calls(small)], [large, await calls(large)]);
    }
  const others = (at: Filled): Call[] => [
    { name: 'counts of all lists', method: 'GET', url: '/lists' },
    { name: 'search', method: 'POST', url: '/worklist/search', payload: { q: '张三77' } },
    { name: 'patient', method: 'GET', url: `/patients/${at.patientId}` },
  ];
  await print(made, [small, others(small)], [large, others(large)]);
}

async function pageAfter(
  { app }: Program,
  at: Filled,
  first: string,
  pages: number,
): Promise<string | undefined> {
  let url = first;
  for (let page = 0; page < pages; page++) {
    const { payload } = await app.inject({ method: 'GET', url: `/api/v1${url}`, headers: headersOf(at) });
    const { nextCursor } = JSON.parse(payload) as { nextCursor: string | null };
    if (nextCursor === null) return undefined;
    url = `${first}&cursor=${nextCursor}`;
  }
  return url;
}

const headersOf = ({ key: own }: Filled): Record<string, string> => ({ authorization: `Bearer ${own}` });

async function print(made: Program, ...both: [Filled, Call[]][]): Promise<void> {
  const [[small, inSmall], [large, inLarge]] = both as [[Filled, Call[]], [Filled, Call[]]];
  for (const call of inSmall) {
    const other = inLarge.find(({ name }) => name === call.name);
    const one = await measured(made, small, call);
    const two = other && (await measured(made, large, other));
    const grown = two ? (two.http.p99 / one.http.p99).toFixed(2) : '-';
    console.log(
      [call.name.padEnd(34), shown(one), two ? shown(two) : '-'.padEnd(40), `p99 ${grown} times`].join(' | '),
    );
  }
}

const shown = ({ http, bare }: Measured): string =>
  `${http.p50.toFixed(1)} / ${http.p99.toFixed(1)} ms, pg ${bare.p50.toFixed(1)} ms, ${(bare.p50 / http.p50).toFixed(2)}`.padEnd(
    40,
  );

interface Percentiles {
  readonly p50: number;
  readonly p99: number;
}
interface Measured {
  readonly http: Percentiles;
  readonly bare: Percentiles;
}

/** The call over the whole path of a request, and its statements alone; in turns. */
async function measured({ app, database }: Program, at: Filled, call: Call): Promise<Measured> {
  const send = async (): Promise<void> => {
    const { statusCode, payload } = await app.inject({
      ...{ method: call.method, url: `/api/v1${call.url}`, headers: headersOf(at), payload: call.payload },
    });
    if (statusCode !== 200) throw new Error(`${call.name} answered ${statusCode}: ${payload}`);
  };
  await send();
  const statements = await recorded(send);
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  await client.query('SET ROLE nedwatch_app');
  const replay = async (): Promise<void> => {
    for (const { text, values } of statements) await client.query(text, values as unknown[]);
  };
  const [http, bare]: [number[], number[]] = [[], []];
  for (let n = 0; n < CALLS; n++) {
    http.push(await milliseconds(send));
    bare.push(await milliseconds(replay));
  }
  await client.end();
  return { http: percentiles(http), bare: percentiles(bare) };
}

interface Statement {
  readonly text: string;
  readonly values: unknown;
}

/** The statements of one call; without the audit entry, which has its own id and can be written once. */
async function recorded(send: () => Promise<void>): Promise<Statement[]> {
  const statements: Statement[] = [];
  const prototype = pg.Client.prototype as unknown as { query: (...asked: unknown[]) => unknown };
  const { query } = prototype;
  prototype.query = function (this: unknown, ...asked: unknown[]): unknown {
    const [text, values] = asked;
    if (typeof text === 'string' && !text.includes('INSERT INTO audit_event'))
      statements.push({ text, values });
    return query.apply(this, asked);
  };
  try {
    await send();
  } finally {
    prototype.query = query;
  }
  return statements;
}

async function milliseconds(work: () => Promise<void>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

function percentiles(times: number[]): Percentiles {
  times.sort((a, b) => a - b);
  const at = (share: number): number =>
    times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0;
  return { p50: at(0.5), p99: at(0.99) };
}
