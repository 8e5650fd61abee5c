import { existsSync } from 'node:fs';
import { open, readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { localToday } from '../platform/database/clock.js';
import { readGuideline } from '../exchange/guideline-file.js';
import type { Config } from '../platform/config.js';
import type { FieldFault } from '../platform/domain-error.js';
import { addMonths, type CalendarDate } from '../guideline/calendar.js';
import { type FactFault, faultsOf } from '../guideline/fact-faults.js';
import type { ClinicalFact } from '../guideline/facts.js';
import type { Choices } from '../guideline/choices.js';
import type { Guideline, Language } from '../guideline/guideline.js';
import { readExam } from '../guideline/measured-exam.js';
import { planSurveillance } from '../guideline/planner.js';
import { findGuideline, GUIDELINES, versionedId } from '../guideline/published/index.js';
import { reasonFor } from '../guideline/reason.js';
import { statusOn } from '../guideline/planned-item.js';
import { type PlanRequest, planRequest } from './plan-request.js';
import { ALL_ERRORS, ErrorList } from './error-list.js';
import { faultsOfIssues } from '../platform/http/input-faults.js';
import { msg, render } from '../platform/messages/dictionary.js';

/** The longest plan. */
const FURTHEST_YEARS = 100;

interface Setting {
  readonly guideline: Guideline;
  readonly errors: ErrorList;
  readonly request: ReturnType<typeof planRequest>;
  /** The language of the reasons. */
  readonly language: Language;
  /** The language of the errors. */
  readonly speaks: Language;
  readonly today: CalendarDate;
}

/** A line of input with validation errors. */
class BadLine extends Error {
  constructor(readonly faults: readonly Pick<FieldFault, 'pointer' | 'message'>[]) {
    super('A line of input is wrong.');
  }
}

/** `bin/nedwatch plan [FILE] [--lang zh|en] [--guideline ID|FILE]`: exit code 0, or 2 when any line was bad. */
export async function run(args: string[], config: Config): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      lang: { type: 'string' },
      guideline: { type: 'string', default: 'crlm-cn-2025' },
      ...ALL_ERRORS,
    },
  });
  const speaks = values.lang === 'zh' || values.lang === 'en' ? values.lang : config.language;
  const errors = new ErrorList(speaks, values['all-errors']);
  const guideline = await guidelineNamed(values.guideline, speaks, errors);
  if (!guideline) return 2;
  if (values.lang !== undefined && values.lang !== speaks) {
    process.stderr.write(`--lang: ${render(msg('not-a-language', { given: values.lang }), speaks)}\n`);
    return 2;
  }
  const setting = {
    errors,
    guideline,
    request: planRequest(guideline),
    language: values.lang ?? 'zh',
    speaks,
    today: localToday('Asia/Shanghai', config.clockStartsAt),
  } as const;
  const [file] = positionals;
  // Opening it first makes a missing file an error that names it.
  const input = file === undefined || file === '-' ? process.stdin : (await open(file)).createReadStream();
  const code = await planAll(input, setting);
  errors.end();
  return code;
}

/** A published guideline, or the guideline in a file. Prints problems of the name or the file to standard error. */
async function guidelineNamed(
  name: string,
  language: Language,
  errors: ErrorList,
): Promise<Guideline | undefined> {
  const published = findGuideline(name);
  if (published) return published;
  if (!existsSync(name)) {
    const unknown = msg('no-guideline-or-file', { name, known: GUIDELINES.map(versionedId) });
    process.stderr.write(`--guideline: ${render(unknown, language)}\n`);
    return undefined;
  }
  const read = readGuideline(await readFile(name, 'utf8'));
  if ('guideline' in read) return read.guideline;
  for (const { pointer, message } of read.faults)
    errors.add(`${name} ${pointer || '/'}: ${render(message, language)}`);
  errors.end();
  return undefined;
}

/** One object over several lines, or NDJSON, depending on whether the first line is an object by itself. */
async function planAll(input: NodeJS.ReadableStream, setting: Setting): Promise<number> {
  let bad = false;
  let number = 0;
  const unfinished: string[] = [];
  for await (const text of createInterface({ input, crlfDelay: Infinity })) {
    number++;
    const line = number === 1 ? text.replace(/^\uFEFF/, '') : text;
    if (number === 1 && !isJson(line)) unfinished.push(line);
    else if (unfinished.length > 0) unfinished.push(line);
    else if (line.trim() !== '') bad = !(await answer(line, number, setting)) || bad;
  }
  if (unfinished.length > 0) bad = !(await answerUnfinished(unfinished, setting));
  return bad ? 2 : 0;
}

function isJson(line: string): boolean {
  try {
    JSON.parse(line);
    return true;
  } catch {
    return false;
  }
}

/** Either one object printed over several lines, or NDJSON whose first line is broken. */
async function answerUnfinished(lines: readonly string[], setting: Setting): Promise<boolean> {
  if (isJson(lines.join('\n'))) return answer(lines.join('\n'), 1, setting);
  let good = true;
  for (const [index, line] of lines.entries()) {
    if (line.trim() !== '') good = (await answer(line, index + 1, setting)) && good;
  }
  return good;
}

async function answer(json: string, lineNumber: number, setting: Setting): Promise<boolean> {
  try {
    const output = `${JSON.stringify(planLine(json, setting))}\n`;
    if (!process.stdout.write(output)) await new Promise((resolve) => process.stdout.once('drain', resolve));
    return true;
  } catch (error) {
    if (!(error instanceof BadLine)) throw error;
    const { speaks } = setting;
    const line = render(msg('line', { number: lineNumber }), speaks);
    for (const { pointer, message } of error.faults)
      setting.errors.add(`${line} ${pointer || '/'}: ${render(message, speaks)}`);
    return false;
  }
}

function planLine(json: string, { guideline, request: form, language, today }: Setting): unknown {
  const request = parse(json, form);
  const asOf = request.asOf ?? today;
  const faults = [...faultsOf(request, asOf, guideline), ...valueFaults(request.events, guideline)];
  const furthest = addMonths(asOf, FURTHEST_YEARS * 12);
  if (request.until !== undefined && request.until > furthest)
    faults.push({
      pointer: '/until',
      code: 'too-far',
      message: msg('too-far', { until: request.until, furthest, years: FURTHEST_YEARS }),
    });
  if (faults.length > 0) throw new BadLine(faults);

  const choices: Choices = request.policy;
  const plan = planSurveillance(guideline, request, choices, { asOf, until: request.until });
  return {
    guideline: { id: guideline.id, version: guideline.version },
    items: plan.items.map((item) => ({
      key: item.key,
      pathway: item.pathway,
      rule: item.rule,
      activity: item.activity,
      covers: item.covers,
      sequence: item.sequence,
      earliest: item.earliest,
      due: item.due,
      overdue: item.overdue,
      status: statusOn(asOf, item),
      section: item.section,
      evidence: item.evidence,
      grade: item.grade,
      reason: reasonFor(guideline, item, choices, language),
    })),
    flags: plan.flags.map(({ code, message }) => ({ code, message: message[language] })),
  };
}

/** Validation errors of the measured values, and values that are not confirmed, against the default limits. */
function valueFaults(events: readonly ClinicalFact[], guideline: Guideline): FactFault[] {
  const measured = new Map<string, ClinicalFact[]>();
  return events.flatMap((event, index) => {
    if (event['values'] === undefined && event['findings'] === undefined) return [];
    const recorded = measured.get(event.date) ?? [];
    const read = readExam(event, recorded, { guideline, limits: {}, howToConfirm: 'confirm-in-body' });
    measured.set(event.date, recorded);
    if (!('faults' in read)) recorded.push(read.fact);
    const faults = 'faults' in read ? read.faults : event['confirmed'] === true ? [] : read.doubts;
    return faults.map((fault) => ({ ...fault, pointer: `/events/${index}${fault.pointer}` }));
  });
}

function parse(json: string, form: Setting['request']): PlanRequest {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    throw new BadLine([{ pointer: '', message: msg('line-not-json', { detail }) }]);
  }
  const parsed = form.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new BadLine(faultsOfIssues(parsed.error.issues));
}
