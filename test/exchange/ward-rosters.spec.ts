import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeEach, expect, test } from '@jest/globals';
import type { Answer, TestApp } from '../support/app.js';
import { nextApp } from '../support/next-app.js';
import { uploaded } from '../support/spreadsheet-calls.js';
import { testWhere } from '../support/where-present.js';

/** Rosters as wards keep them, where the machine has them, with an index of what must become of each row. */
const FOLDER = join(
  process.env['NEDWATCH_ROSTERS'] ?? join(process.cwd(), '..', 'shared', 'data', 'rosters'),
);
const present = existsSync(join(FOLDER, 'index.json'));

interface Verdict {
  readonly sheet?: string;
  readonly row: number;
  readonly column: string;
  readonly accept: readonly string[];
  readonly means?: string | string[];
}
interface Sample {
  readonly mrn: string;
  readonly events: readonly Record<string, unknown>[];
  readonly [field: string]: unknown;
}
interface RosterFile {
  readonly file: string;
  readonly format: {
    readonly sheets?: readonly {
      readonly name: string;
      readonly role?: string;
      readonly columns?: Record<string, string | null>;
    }[];
  };
  readonly columns?: Readonly<Record<string, string | null>>;
  readonly expect: {
    readonly file: string;
    readonly created: { readonly min: number; readonly max: number };
    readonly events: Readonly<Record<string, { readonly min: number; readonly max: number }>>;
  };
  readonly rows: readonly Verdict[];
  readonly skippedRows: readonly { readonly sheet?: string; readonly row: number }[];
  readonly continuationRows?: readonly { readonly row: number; readonly of: number }[];
  readonly samples: readonly Sample[];
}
interface Row {
  readonly sheet: string | null;
  readonly row: number;
  readonly mrn: string;
  readonly result: string;
  readonly errors: readonly { readonly code: string; readonly message: string }[];
  readonly questions?: readonly { readonly row: number; readonly id: string }[];
  readonly of?: { readonly row: number };
}

const files: readonly RosterFile[] = present
  ? (JSON.parse(readFileSync(join(FOLDER, 'index.json'), 'utf8')) as { files: RosterFile[] }).files
  : [];

let t: TestApp;
beforeEach(async () => {
  t = await nextApp(t, { clock: '2026-12-01T09:00:00+08:00', role: 'api' });
});
// Without the files no test has started an application.
afterAll(() => (t as TestApp | undefined)?.close());

async function send(file: string, fields: Record<string, string>): Promise<Answer> {
  const { headers, payload } = await uploaded(
    readFileSync(join(FOLDER, file)),
    { kind: 'roster', ...fields },
    file,
  );
  return t.request('POST', '/imports', { headers: { ...headers, 'accept-language': 'zh-CN' }, payload });
}

function outcomes({ result, errors, questions = [] }: Row): string[] {
  if (['created', 'updated', 'unchanged'].includes(result)) return ['load', 'record', 'leave'];
  if (result === 'asked')
    return questions.length > 0 || errors.some(({ code }) => code === 'held') ? ['ask'] : [];
  return result === 'rejected' ? ['refuse', ...(questions.length > 0 ? ['ask'] : [])] : [result];
}

function judged(file: RosterFile, rows: readonly Row[]): string[] {
  const several = (file.format.sheets ?? []).filter(({ role }) => role === undefined).length > 1;
  const key = (sheet: string | null | undefined, row: number): string => `${several ? sheet : ''} ${row}`;
  const named = (list: readonly { sheet?: string; row: number }[]): Set<string> =>
    new Set(list.map(({ sheet, row }) => key(sheet, row)));
  const [skipped, continued] = [named(file.skippedRows), named(file.continuationRows ?? [])];
  const heldBy = new Set(
    (file.continuationRows ?? [])
      .filter(({ row }) => file.rows.some((one) => one.row === row))
      .map(({ of }) => of),
  );
  const verdicts = new Map<string, Verdict[]>();
  for (const verdict of file.rows) {
    const at = key(verdict.sheet, verdict.row);
    verdicts.set(at, [...(verdicts.get(at) ?? []), verdict]);
  }
  const wrong: string[] = [];
  for (const row of rows) {
    const at = key(row.sheet, row.row);
    const shown = `${file.file} ${at}: ${row.result} ${row.errors.map(({ message }) => message).join('; ')}`;
    for (const { message } of row.errors)
      if (!/\p{Script=Han}/u.test(message)) wrong.push(`not in Chinese: ${shown}`);
    if (skipped.has(at) !== (row.result === 'skipped')) wrong.push(`skipped? ${shown}`);
    const verdict = verdicts.get(at);
    if (continued.has(at)) {
      if (row.of === undefined || (verdict === undefined && row.result !== 'continuation'))
        wrong.push(`continues? ${shown}`);
      continue;
    }
    if (
      verdict === undefined &&
      !skipped.has(at) &&
      !heldBy.has(row.row) &&
      !['created', 'unchanged'].includes(row.result)
    )
      wrong.push(`must load: ${shown}`);
    for (const { accept, column } of verdict ?? [])
      if (!outcomes(row).some((one) => accept.includes(one)))
        wrong.push(`${column} accepts ${accept.join(', ')}: ${shown}`);
  }
  const seen = new Set(rows.map(({ sheet, row }) => key(sheet, row)));
  for (const at of [...verdicts.keys(), ...skipped, ...continued])
    if (!seen.has(at)) wrong.push(`not reported: ${file.file} ${at}`);
  return wrong;
}

async function eventsOf(
  mrn: string,
): Promise<{ patient: Record<string, unknown>; events: Record<string, unknown>[] }> {
  const found = (await t.get(`/patients?mrn=${encodeURIComponent(mrn)}`)).body.items as Record<
    string,
    unknown
  >[];
  expect(found).toHaveLength(1);
  const events = (await t.get(`/patients/${String(found[0]!['id'])}/events`)).body.items as Record<
    string,
    unknown
  >[];
  return { patient: found[0]!, events };
}

async function eventCounts(): Promise<Record<string, number>> {
  const rows = await t.dataSource.query<{ type: string; n: number }[]>(
    `SELECT CASE WHEN type = 'exam' THEN 'exam:' || (detail->>'activity') ELSE type END AS type, count(*)::integer AS n
       FROM clinical_event WHERE hospital_id = $1 GROUP BY 1`,
    [t.hospitalId],
  );
  return Object.fromEntries(rows.map(({ type, n }) => [type, n]));
}

for (const file of files.filter(({ expect: { file: how } }) => how === 'read'))
  test(`${file.file} loads, asks or is refused row by row as its index says`, async () => {
    const preview = await send(file.file, { dryRun: 'true' });
    expect([preview.status, preview.body.written]).toEqual([200, false]);
    expect(judged(file, preview.body.rows)).toEqual([]);
    const headings = new Set(
      (preview.body.sheets as { columns: { heading: string }[] }[]).flatMap(({ columns }) =>
        columns.map(({ heading }) => heading),
      ),
    );
    const expected = [
      file.columns ?? {},
      ...(file.format.sheets ?? []).map(({ columns = {} }) => columns),
    ].flatMap((columns) => Object.keys(columns));
    expect(expected.filter((heading) => !headings.has(heading))).toEqual([]);

    const done = await send(file.file, { acceptGood: 'true' });
    const { created } = done.body.counts;
    const { min, max } = file.expect.created;
    expect([created >= min, created <= max, created]).toEqual([true, true, created]);
    const counts = await eventCounts();
    for (const [type, bounds] of Object.entries(file.expect.events))
      expect([
        type,
        (counts[type] ?? 0) >= bounds.min,
        (counts[type] ?? 0) <= bounds.max,
        counts[type],
      ]).toEqual([type, true, true, counts[type]]);
    expect(Object.keys(counts).filter((type) => !(type in file.expect.events))).toEqual([]);
    for (const sample of file.samples) await expectSample(sample);

    const again = await send(file.file, { acceptGood: 'true' });
    expect(again.body.counts).toMatchObject({ created: 0, updated: 0, unchanged: created });
  }, 60_000);

const OF_FILE = ['sheet', 'row', 'line', 'site', 'stage', 'events', 'phoneNumbers'];

async function expectSample(sample: Sample): Promise<void> {
  const { mrn, events } = sample;
  const facts = Object.fromEntries(Object.entries(sample).filter(([field]) => !OF_FILE.includes(field)));
  const { patient, events: recorded } = await eventsOf(mrn);
  expect(patient).toMatchObject(facts);
  for (const number of sample['phoneNumbers'] as string[]) expect(patient['phone']).toContain(number);
  expect(recorded).toHaveLength(events.length);
  for (const event of events) expect(recorded).toContainEqual(expect.objectContaining(withValues(event)));
}

const withValues = ({ values, ...event }: Record<string, unknown>): Record<string, unknown> => ({
  ...event,
  ...(Array.isArray(values) && { values: values.map((value: object) => expect.objectContaining(value)) }),
});

testWhere(present, 'shared rosters')('a roster with bad rows writes nothing', async () => {
  const refused = await send(files[0]!.file, {});
  expect([refused.status, refused.body.code]).toEqual([422, 'rows-rejected']);
  expect(await eventCounts()).toEqual({});
});

testWhere(present, 'shared rosters')(
  'a workbook with a password or in the old format is refused with the remedy',
  async () => {
    for (const { file } of files.filter(({ expect: { file: how } }) => how !== 'read')) {
      const { status, body } = await send(file, { dryRun: 'true' });
      expect([file, status]).toEqual([file, 415]);
      expect(JSON.stringify(body)).toMatch(file.endsWith('.xls') ? /另存为 .xlsx 或 CSV/ : /取消密码/);
    }
  },
);
