import pg from 'pg';
import { expect } from '@jest/globals';
import { createDatabase, type TestDatabase } from './database.js';
import { startCommand, startProgramProcess, type Ended, type RunningProgram } from './program.js';
import { until } from './webhook-receiver.js';

export const KEY = 'nw_administrator-of-this-test';
export const CLOCK = '2026-11-01T09:00:00+08:00';

const databases: TestDatabase[] = [];
const programs = new Set<RunningProgram>();

export async function newDatabase(): Promise<TestDatabase> {
  const database = await createDatabase();
  databases.push(database);
  return database;
}

export async function start(
  url: string,
  role: string,
  args: readonly string[] = [],
): Promise<RunningProgram> {
  const program = await startProgramProcess(
    {
      DATABASE_URL: url,
      NEDWATCH_ROLE: role,
      NEDWATCH_CLOCK: CLOCK,
      NEDWATCH_ADMIN_KEY: KEY,
      NEDWATCH_WEBHOOK_LOOPBACK: 'true',
    },
    args,
  );
  programs.add(program);
  return program;
}

export async function stop(program: RunningProgram): Promise<void> {
  programs.delete(program);
  expect(await program.stop()).toBe(0);
}

/** Ends the remaining processes of a test. */
export async function endAll(): Promise<void> {
  await Promise.all([...programs].map((program) => program.kill()));
  for (const database of databases) await database.drop();
}

export async function call<T>(program: RunningProgram, path: string, body?: unknown): Promise<T> {
  const answer = await fetch(`${program.url}/api/v1${path}`, {
    headers: { authorization: `Bearer ${KEY}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
  });
  if (!answer.ok) throw new Error(await answer.text());
  return (await answer.json()) as T;
}

export interface WorklistPage {
  readonly items: readonly { readonly id: string; readonly patient: { readonly id: string } }[];
  readonly nextCursor: string | null;
}

export async function worklist(program: RunningProgram): Promise<WorklistPage['items']> {
  const items: WorklistPage['items'][number][] = [];
  for (let cursor = ''; ;) {
    const page = await call<WorklistPage>(program, `/worklist?limit=500${cursor}`);
    items.push(...page.items);
    if (page.nextCursor === null) return items;
    cursor = `&cursor=${encodeURIComponent(page.nextCursor)}`;
  }
}

/** Runs a command of the program on this database. */
export const nedwatch = (url: string, ...args: string[]): Promise<Ended> =>
  startCommand(args, { DATABASE_URL: url }).ended;

export const done = async (url: string, ...args: string[]): Promise<void> =>
  expect(await nedwatch(url, ...args)).toMatchObject({ code: 0, stderr: '' });

export async function query<T extends pg.QueryResultRow>(url: string, statement: string): Promise<T[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<T>(statement)).rows;
  } finally {
    await client.end();
  }
}

/** Every row of every table as text, without its physical location. */
export async function everyRow(url: string): Promise<Record<string, string[]>> {
  const tables = await query<{ name: string }>(
    url,
    `SELECT relname AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') ORDER BY 1`,
  );
  const all: Record<string, string[]> = {};
  for (const { name } of tables) {
    const rows = await query<{ row: string }>(url, `SELECT t::text AS row FROM ${name} t ORDER BY 1`);
    all[name] = rows.map(({ row }) => row);
  }
  return all;
}

/** The tables with different rows. */
export const differences = (was: Record<string, string[]>, is: Record<string, string[]>): string[] =>
  [...new Set([...Object.keys(was), ...Object.keys(is)])].filter(
    (table) => was[table]?.join('\n') !== is[table]?.join('\n'),
  );

/** The content of a migrated schema apart from its columns. */
export const schemaOf = (url: string): Promise<{ of: string }[]> =>
  query(
    url,
    `SELECT conrelid::regclass::text AS of, conname AS name, pg_get_constraintdef(oid) || convalidated AS is FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND conparentid = 0
     UNION ALL SELECT oid::regclass::text, 'row security', relrowsecurity || ' ' || relforcerowsecurity || ' ' || coalesce(relacl::text, '') FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')
     UNION ALL SELECT tablename, policyname, concat(permissive, roles, cmd, qual, with_check) FROM pg_policies
     UNION ALL SELECT tgrelid::regclass::text, tgname, pg_get_triggerdef(oid) || tgenabled::text FROM pg_trigger WHERE NOT tgisinternal
     UNION ALL SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1, 2, 3`,
  );

/** Returns when a restore into this database is loading items. */
export const loading = (url: string): Promise<unknown> =>
  sessionRuns(url, 'COPY public."surveillance_item"%FROM STDIN');

/** Returns when the current or last statement of a session of this database is like the pattern. */
export const sessionRuns = (url: string, pattern: string): Promise<unknown> =>
  until(
    () =>
      query(
        url,
        `SELECT FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND query LIKE '${pattern}'`,
      ),
    (sessions) => sessions.length > 0,
  );
