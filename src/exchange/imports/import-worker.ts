import { parentPort } from 'node:worker_threads';
import { DomainError, type FieldFault, type IssueType } from '../../platform/domain-error.js';
import type { Guideline } from '../../guideline/guideline.js';
import type { Message } from '../../guideline/message.js';
import { type Plan, planSurveillance } from '../../guideline/planner.js';
import { findGuideline } from '../../guideline/published/index.js';
import type { PlanTask } from '../../schedules/plan-basis.js';
import { CsvReader } from './rows/csv.js';
import { FileBytes } from './file-bytes.js';
import type { Answer } from './roster/answers.js';
import { readTable } from './roster/read-table.js';
import type { SheetReport, TableRow } from './roster/table-row.js';
import type { CalendarDate } from '../../guideline/calendar.js';
import {
  COLUMNS,
  type DeclaredNames,
  type EventCells,
  eventCells,
  type ImportKind,
  type ParsedRow,
  parsedRow,
} from './rows/import-rows.js';
import { MOST_ERRORS } from './import-result.js';

/** Messages to the thread: the bytes of one file, and then its kind or that it is discarded; and plans to compute. */
export type ToReader =
  | { readonly bytes: Uint8Array }
  | { readonly end: ImportKind; readonly declared: DeclaredNames; readonly how: HowToRead }
  | { readonly drop: true }
  | { readonly plans: readonly SentTask[] };

/** How a spreadsheet is read: the meaning of its headings, by form, and answers to questions of its preview. */
export interface HowToRead {
  readonly today: CalendarDate;
  readonly mapping: readonly (readonly [string, string | null])[];
  readonly remembered: readonly (readonly [string, string | null])[];
  readonly answers: readonly Answer[];
}

/** A task that names its guideline if it is published, because both threads have those. */
export type SentTask = Omit<PlanTask, 'guideline'> & { readonly guideline: string | Guideline };

/**
 * Messages from the thread: an acknowledgement of each piece, then rows and `done`, or why the file is refused; and
 * plans.
 */
export type FromReader =
  | { readonly taken: true }
  | { readonly rows: readonly ParsedRow<unknown>[] }
  | { readonly sheets: readonly SheetReport[] }
  | { readonly headings: readonly string[] }
  | { readonly tableRows: readonly TableRow[] }
  | { readonly done: true }
  | { readonly refused: Refused }
  | { readonly plans: readonly Plan[] };

/** A `DomainError` in the form that passes between threads. */
export interface Refused {
  readonly issueType: IssueType;
  readonly code: string;
  readonly text: Message;
  readonly faults: readonly FieldFault[];
  /** Data alone: a function does not pass. */
  readonly extension: DomainError['extension'];
}

/** Rows in one message, which the other thread processes at once. */
const BATCH = 500;

let file = new CsvReader();
let bytes = new FileBytes();
/** Whether the bytes may be CSV with the columns of the contract, which is read as it arrives; known from the first piece on. */
let mayBeContract: boolean | undefined;

parentPort?.on('message', (message: ToReader) => void answer(message));

async function answer(message: ToReader): Promise<void> {
  if ('bytes' in message) {
    const { buffer, byteOffset, length } = message.bytes;
    const piece = Buffer.from(buffer, byteOffset, length); // without a copy
    bytes.add(piece);
    mayBeContract ??= Object.values(COLUMNS).some((shape) => bytes.isContract(shape));
    if (mayBeContract) await file.write(piece);
    say({ taken: true });
    return;
  }
  if ('plans' in message) {
    say({ plans: message.plans.map(planOf) });
    return;
  }
  const [read, whole] = [file, bytes];
  [file, bytes, mayBeContract] = [new CsvReader(), new FileBytes(), undefined];
  if ('drop' in message) return;
  try {
    const { end: kind, declared, how } = message;
    const isTable = how.mapping.length > 0 || how.answers.length > 0 || whole.isSpreadsheet(COLUMNS[kind]);
    if (isTable) table(kind, whole.all(), declared, how);
    else {
      const rows = await read.rows(COLUMNS[kind]);
      say({ headings: Object.keys(rows[0]?.cells ?? {}) });
      parse(kind, rows, eventCells(declared));
    }
    say({ done: true });
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    const { issueType, code, text, faults, extension } = error;
    say({ refused: { issueType, code, text, faults, extension } });
  }
}

function planOf({ guideline: sent, facts, choices, today, until }: SentTask): Plan {
  const guideline = typeof sent === 'string' ? findGuideline(sent) : sent;
  if (!guideline) throw new Error('The thread does not have the guideline of the plan.');
  return planSurveillance(guideline, facts, choices, { asOf: today, until });
}

function parse(kind: ImportKind, rows: Awaited<ReturnType<CsvReader['rows']>>, events: EventCells): void {
  let left = MOST_ERRORS;
  for (let at = 0; at < rows.length; at += BATCH) {
    const parsed = rows.slice(at, at + BATCH).map((row) => {
      const one = limited(parsedRow(kind, row, events), left);
      if ('faults' in one.parsed) left -= one.parsed.faults.length;
      return one;
    });
    say({ rows: parsed });
  }
}

function table(kind: ImportKind, content: Buffer, declared: DeclaredNames, how: HowToRead): void {
  const map = { given: new Map(how.mapping), remembered: new Map(how.remembered), found: new Map() };
  const { today, answers } = how;
  const { sheets, rows } = readTable(content, { kind, today, map, answers, events: eventCells(declared) });
  say({ sheets });
  for (let at = 0; at < rows.length; at += BATCH) say({ tableRows: rows.slice(at, at + BATCH) });
}

function limited(row: ParsedRow<unknown>, left: number): ParsedRow<unknown> {
  if (!('faults' in row.parsed) || row.parsed.faults.length <= left) return row;
  const { faults } = row.parsed;
  return { ...row, parsed: { faults: faults.slice(0, left), notShown: faults.length - left } };
}

function say(message: FromReader): void {
  parentPort?.postMessage(message);
}
