import type { ImportKind } from '../rows/import-rows.js';
import { isSameMeasurement, plainText } from '../../../guideline/roster-reading.js';
import {
  EVENT_HEADINGS,
  GENERIC_HEADINGS,
  ROSTER_HEADINGS,
  type RosterField,
  UNREAD_HEADINGS,
  VISIT_HEADINGS,
} from '../../../guideline/roster-dictionary.js';
import { MEASUREMENTS } from '../../../guideline/measurements.js';

/** What a column contains: a field of the patient, the day of a visit, or a value measured at one. */
export type TableField = RosterField | 'visit_date' | 'measured';

/** The meaning of a heading; `repeat` says which visit, where the heading counts. */
export interface Meaning {
  readonly field: string | null;
  readonly repeat?: number;
  readonly code?: string;
  readonly unit?: string;
}

/** A column of a sheet, and how its meaning was found. `unknown`: the preview names the column. */
export interface Column extends Meaning {
  readonly index: number;
  readonly heading: string;
  readonly by: 'dictionary' | 'mapping' | 'remembered' | 'unknown';
  /** Codes that the heading explains: 1男2女. */
  readonly hints: ReadonlyMap<string, string>;
  /** The heading asks whether something was complete. */
  readonly asksIfComplete: boolean;
}

/** Meanings given by hand or remembered, by the form of the heading. */
export interface HeadingMap {
  readonly given: ReadonlyMap<string, string | null>;
  readonly remembered: ReadonlyMap<string, string | null>;
  /** The dictionary's meanings of the texts of one file that were looked up. */
  readonly found: Map<string, Meaning | undefined>;
}

/** Texts of one file that are looked up: each takes some microseconds, and a file can have a million. */
const MOST_LOOKED_UP = 10_000;

/** `recognised` for the texts of one file, each of which is looked up once; beyond `MOST_LOOKED_UP`, a text is unknown. */
export function recognisedIn(
  { found }: HeadingMap,
  kind: ImportKind,
  heading: string,
  group = '',
): Meaning | undefined {
  const key = `${heading}\n${group}`;
  if (found.has(key)) return found.get(key);
  if (found.size >= MOST_LOOKED_UP) return undefined;
  const meaning = recognised(kind, heading, group);
  found.set(key, meaning);
  return meaning;
}

/** The fields that a mapping can name; of the last three with a number behind them. */
export const ROSTER_FIELDS: readonly string[] = [
  ...Object.keys(ROSTER_HEADINGS),
  ...[
    'visit_date_1',
    ...Object.values(MEASUREMENTS)
      .flat()
      .map(({ code }) => `${code.toLowerCase()}_1`),
  ],
];

/** One form for headings that look the same. */
export const headingForm = (heading: string): string =>
  plainText(heading).replace(/[*:：_\-/\\.·,，、。;；?？!！'"“”()（）[\]【】<>《》#]/gu, '');

const MEASURED = Object.values(MEASUREMENTS).flat();

/** The names by which a mapping names a field of a roster: `phone`, `visit_date_2`, `cea_2`. */
export function meaningOf(name: string): Meaning | undefined {
  if (Object.hasOwn(ROSTER_HEADINGS, name)) return { field: name };
  const [, base = '', repeat] = /^(.+?)(?:_(\d{1,2}))?$/.exec(name) ?? [];
  const at = repeat === undefined ? {} : { repeat: Number(repeat) };
  if (base === 'visit_date') return { field: base, ...at };
  const measured = MEASURED.find(({ code }) => isSameMeasurement(code, base));
  return measured ? { field: 'measured', code: measured.code, ...at } : undefined;
}

export const fieldName = ({ field, repeat, code }: Meaning): string | null =>
  field === null ? null : [code?.toLowerCase() ?? field, ...(repeat === undefined ? [] : [repeat])].join('_');

/** No heading is longer; a longer text would take time. */
const LONGEST_HEADING = 100;

/** The meaning of a heading under the heading of its group; undefined: unknown. */
function recognised(kind: ImportKind, heading: string, group = ''): Meaning | undefined {
  if (heading.length > LONGEST_HEADING || group.length > LONGEST_HEADING) return undefined;
  const own = headingForm(heading);
  if (kind === 'events') return eventMeaning(heading);
  const generic = GENERIC_HEADINGS.includes(withoutCount(own).base);
  const alone = generic ? undefined : known(heading);
  if (alone) {
    const { count } = withoutCount(headingForm(group));
    const repeats = alone.field === 'visit_date' || alone.field === 'measured';
    return repeats && alone.repeat === undefined && count !== undefined ? { ...alone, repeat: count } : alone;
  }
  return group === '' ? undefined : known(`${group}${heading}`);
}

/** Tries the whole heading, then without brackets, then its Chinese and its English words, which have to agree. */
function known(heading: string): Meaning | undefined {
  const whole = heading.normalize('NFKC');
  const bare = whole.replace(/[([【][^)\]】]*[)\]】]/gu, '');
  const unit = unitIn(whole);
  for (const candidate of [whole, bare]) {
    const found = lookedUp(headingForm(candidate)) ?? lookedUp(headingForm(withoutUnit(candidate)));
    if (found) return withUnit(found, unit);
  }
  const chinese = lookedUp(headingForm(bare.replace(/[A-Za-z]+/g, '')));
  const english = lookedUp(headingForm(bare.replace(/[^\sA-Za-z]+/gu, ' ')));
  const bracketed = lookedUp(headingForm(/[(（]([^)）]*)[)）]/u.exec(whole)?.[1] ?? ''));
  const candidates = [chinese, english ?? bracketed].filter((one) => one !== undefined);
  const [first] = candidates;
  const agree = candidates.every((one) => one.field === first?.field);
  return first && agree ? withUnit(first, unit) : undefined;
}

const withUnit = (meaning: Meaning, unit: string | undefined): Meaning =>
  meaning.field === 'measured' && unit !== undefined ? { ...meaning, unit } : meaning;

const UNIT = /(?:[nuμµkm]?g|k?[uU]|iu|k?\[arb'U\])\s*[/／]\s*(?:ml|l|dl)/iu;
const unitIn = (heading: string): string | undefined => UNIT.exec(heading)?.[0].replace(/\s/g, '');
const withoutUnit = (heading: string): string => heading.replace(UNIT, '');

const FIELD_BY_WORD = new Map(
  Object.entries(ROSTER_HEADINGS)
    .flatMap(([field, words]) => words.map((word) => [word, field] as const))
    .reverse(), // of two fields with one word the first counts
);

function lookedUp(form: string): Meaning | undefined {
  if (form === '') return undefined;
  const field = FIELD_BY_WORD.get(form);
  if (field !== undefined) return { field };
  if (UNREAD_HEADINGS.includes(form)) return { field: null };
  const { base, count } = withoutCount(form);
  const at = count === undefined ? {} : { repeat: count };
  if (VISIT_HEADINGS.day.includes(base)) return { field: 'visit_date', ...at };
  const measured = VISIT_HEADINGS.measured.find(({ words }) => words.includes(base));
  if (measured) return { field: 'measured', code: measured.code, ...at };
  // 电话1, 联系电话2: several columns of one field.
  return count !== undefined && ROSTER_HEADINGS.phone.includes(base) ? { field: 'phone' } : undefined;
}

const CIRCLED = '①②③④⑤⑥⑦⑧⑨⑩';
const CHINESE = '一二三四五六七八九十';

/** The heading without the number that counts the visits: 复查日期1, 第二次复查日期, CEA③. */
function withoutCount(form: string): { readonly base: string; readonly count?: number } {
  const marked = form.replace(/ca199|糖类抗原199/gu, (name) => (name.startsWith('c') ? '§' : '¶'));
  const found =
    /第?(\d{1,2}|[一二三四五六七八九十])(?:次|轮|回)(?:的)?/u.exec(marked) ??
    /(?:术后)?(\d{1,2})(?:个月|月|年)/u.exec(marked) ??
    /(\d{1,2}|[①②③④⑤⑥⑦⑧⑨⑩])/u.exec(marked) ??
    /([一二三四五六七八九十])$/u.exec(marked);
  const named = (text: string): string => text.replace('§', 'ca199').replace('¶', '糖类抗原199');
  const [whole, digits] = found ?? [];
  if (whole === undefined || digits === undefined) return { base: form };
  const position = Math.max(CIRCLED.indexOf(digits), CHINESE.indexOf(digits));
  return { base: named(marked.replace(whole, '')), count: position >= 0 ? position + 1 : Number(digits) };
}

function eventMeaning(heading: string): Meaning | undefined {
  const form = headingForm(heading);
  for (const [field, words] of Object.entries(EVENT_HEADINGS)) if (words.includes(form)) return { field };
  const measured = VISIT_HEADINGS.measured.find(({ words }) =>
    words.includes(headingForm(withoutUnit(heading.replace(/[(（)）]/gu, '')))),
  );
  if (measured) return { field: 'measured', code: measured.code };
  return UNREAD_HEADINGS.includes(form) ? { field: null } : undefined;
}

/** 性别(1男2女): 1 means 男. */
export function hintsIn(heading: string): ReadonlyMap<string, string> {
  const hints = new Map<string, string>();
  for (const [, code = '', word = ''] of heading
    .normalize('NFKC')
    .matchAll(/(?<![\d.])(\d)\s*[-=.:、]?\s*([^\d\s,;、/()=:]+)/gu))
    hints.set(code, word);
  return hints.size > 1 ? hints : new Map();
}

export const asksIfComplete = (heading: string): boolean =>
  /是否(?:完整|完成|全)|complete\?|complete$/iu.test(heading.normalize('NFKC').trim());
