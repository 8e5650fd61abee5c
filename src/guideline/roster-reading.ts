import { codeForm } from './measurements.js';
import {
  COLONOSCOPY_WORDS,
  INTENT_WORDS,
  LIVER_WORDS,
  LYNCH_WORDS,
  NOTHING_KNOWN,
  SITE_WORDS,
  TREATMENT_WORDS,
} from './roster-dictionary.js';
import { EVENT_FIELDS } from './facts.js';

/** Why a cell about the disease needs a person. */
export type DoubtCode =
  | 'required'
  | 'unclear'
  | 'site-between'
  | 'site-other'
  | 'site-several'
  | 'stage-t'
  | 'stage-n'
  | 'stage-m'
  | 'stage-zero'
  | 'stage-several'
  | 'stage-old'
  | 'stage-clinical'
  | 'suspected';

/** What a cell says; a doubt with the values among which a person chooses. Undefined: nothing. */
export type Reading =
  | { readonly value: string | undefined }
  | { readonly doubt: DoubtCode; readonly options: readonly string[] };

const { site: SITES, stage: STAGES, preoperativeColonoscopy: EXTENTS } = EVENT_FIELDS.primary_resection;

/** The text without spaces, full width and capitals: what two cells that a reader takes for the same have in common. */
export const plainText = (written: string): string =>
  written.normalize('NFKC').replace(/\s/gu, '').toLowerCase();

export const saysNothing = (written: string): boolean =>
  /^[-‐-―—_/\\.·~*?？、。]*$/u.test(plainText(written)) || NOTHING_KNOWN.includes(plainText(written));

const doubt = (code: DoubtCode, options: readonly string[]): Reading => ({ doubt: code, options });

/** Colon or rectum. The junction of both, and what is neither, is for a person to say. */
export function readSite(written: string): Reading {
  if (saysNothing(written)) return doubt('required', SITES);
  const found = new Set<string>();
  let left = plainText(written).replace(/[癌肿瘤腺ca]{1,3}$/u, '');
  for (const { pattern, site } of SITE_WORDS)
    left = left.replace(pattern, () => {
      found.add(site);
      return ' ';
    });
  if (found.has('ask')) {
    const between = SITE_WORDS[0]?.pattern.test(plainText(written));
    if (SITE_WORDS[0]) SITE_WORDS[0].pattern.lastIndex = 0;
    return doubt(between === true ? 'site-between' : 'site-other', SITES);
  }
  const [site] = found;
  if (found.size > 1) return doubt('site-several', SITES);
  return site === undefined ? doubt('unclear', SITES) : { value: site };
}

const ROMAN: Readonly<Record<string, number>> = { i: 1, ii: 2, iii: 3, iv: 4 };
const CHINESE = '一二三四';

/** The stage I to IV, as written or worked out of T, N and M by the eighth edition. */
export function readStage(written: string): Reading {
  if (saysNothing(written)) return doubt('required', STAGES);
  const text = plainText(written).replace(/第?[78八七]版|ajcc|uicc|stage|病理/g, '');
  const { tnm, rest } = takeTnm(text);
  const stages = stagesIn(rest);
  if (stages.size > 1)
    return doubt(
      'stage-several',
      STAGES.filter((stage) => stages.has(stage)),
    );
  const [named] = stages;
  if (tnm === undefined) {
    if (named !== undefined && !/^c/.test(rest))
      return leftover(rest) ? doubt('unclear', STAGES) : { value: named };
    if (named !== undefined) return doubt('stage-clinical', STAGES);
    if (/dukes?/.test(rest)) return doubt('stage-old', STAGES);
    return /^0期?$|原位|^tis/.test(rest) ? doubt('stage-zero', STAGES) : doubt('unclear', STAGES);
  }
  if (tnm.clinical) return doubt('stage-clinical', STAGES);
  const worked = stageOfTnm(tnm);
  if (named === undefined) return worked;
  const possible = 'value' in worked ? [worked.value] : worked.options;
  return possible.includes(named) ? { value: named } : doubt('stage-several', STAGES);
}

interface Tnm {
  readonly t: string;
  readonly n: string;
  readonly m: string;
  readonly clinical: boolean;
}

const TNM =
  /^(?<before>.*?)\(?(?<how>[cpyra]{0,3})\)?t(?<t>is|x|[0-4][a-d]?)[,，、/;.]?\(?[cpyr]{0,2}\)?(?:n(?<n>x|[0-3][a-c]?))?(?:\([^)]*\))?[,，、/;.]?\(?[cpyr]{0,2}\)?(?:m(?<m>x|0|1[a-c]?))?(?<behind>.*)$/u;

function takeTnm(text: string): { readonly tnm: Tnm | undefined; readonly rest: string } {
  const { groups } = TNM.exec(text) ?? {};
  if (!groups) return { tnm: undefined, rest: text };
  const { how = '', t = '', n = '', m = '', before = '', behind = '' } = groups;
  return { tnm: { t, n, m, clinical: /^c(?!p)/.test(how) }, rest: `${before} ${behind}` };
}

/** Letters behind the number fall away. */
function stagesIn(text: string): Set<string> {
  const found = new Set<string>();
  const plain = text.replace(/dukes?\S*/g, '').replace(/[mlrgv]\d\b|r0|g[1-4]|lvi\S*|pni\S*/g, '');
  for (const [, roman, digit, chinese] of plain.matchAll(
    /(?<![a-z\d])(i{1,3}|iv)(?:期?[a-d]\d?)?(?![a-z\d])|(?<![a-z\d.])([1-4])(?:[a-d]\d?)?(?:期|$|(?=[-~/或]))|([一二三四])期?/gu,
  )) {
    const number = roman ? ROMAN[roman] : digit ? Number(digit) : CHINESE.indexOf(chinese ?? '') + 1;
    const stage = STAGES[(number ?? 0) - 1];
    if (stage !== undefined) found.add(stage);
  }
  return found;
}

/** Whether words remain that change what a stage means. */
const leftover = (text: string): boolean => /[?？疑约或至到~—]|以上|晚期|中期|早期|dukes?|复发/.test(text);

function stageOfTnm({ t, n, m }: Tnm): Reading {
  const [first, second, third, fourth] = STAGES;
  if (m.startsWith('1')) return { value: fourth };
  const local = n === '' || n === 'x' ? undefined : /^[123]/.test(n) ? third : byDepth(t);
  if (n === '' || n === 'x') {
    const without = byDepth(t);
    const options = [without === 'zero' || without === undefined ? first : without, third];
    return doubt('stage-n', m === '0' ? options : [...options, fourth]);
  }
  if (local === 'zero') return doubt('stage-zero', STAGES);
  if (m === '' || m === 'x') return doubt('stage-m', local === undefined ? STAGES : [local, fourth]);
  return local === undefined ? doubt('stage-t', [first, second]) : { value: local };
}

/** Without lymph nodes: by the depth; 'zero' for what is no invasive tumour. */
function byDepth(t: string): (typeof STAGES)[number] | 'zero' | undefined {
  if (t === 'is' || t === '0') return 'zero';
  if (t === 'x') return undefined;
  return /^[12]/.test(t) ? STAGES[0] : STAGES[1];
}

/** The extent of the colonoscopy before the operation. `asksIfComplete`: the heading asks whether it was complete. */
export function readColonoscopy(written: string, asksIfComplete: boolean): Reading {
  if (saysNothing(written)) return doubt('required', EXTENTS);
  const text = plainText(written);
  const [complete, incomplete] = EXTENTS;
  if (asksIfComplete && /^(?:是|y|yes|√|✓|1)$/.test(text)) return { value: complete };
  if (/^(?:否|n|no|×)$/.test(text)) return { value: incomplete };
  const found = COLONOSCOPY_WORDS.find(({ pattern }) => pattern.test(text));
  return found ? { value: found.value } : doubt('unclear', EXTENTS);
}

/** Yes or nothing: only a confirmed syndrome is a fact. */
export function readLynch(written: string): Reading {
  if (saysNothing(written)) return { value: undefined };
  const found = LYNCH_WORDS.find(({ pattern }) => pattern.test(plainText(written)));
  if (!found || found.value === 'ask') return doubt('suspected', ['yes', 'no']);
  return { value: found.value === 'yes' ? 'yes' : undefined };
}

/** Whether the resection was to cure; nothing written means that it was. */
export function readIntent(written: string): Reading {
  const { intent } = EVENT_FIELDS.primary_resection;
  if (saysNothing(written)) return { value: undefined };
  const found = INTENT_WORDS.find(({ pattern }) => pattern.test(plainText(written)));
  return found ? { value: found.value } : doubt('unclear', intent);
}

/** How the time of liver metastases is written: found by the diagnosis, later, or none. */
export function readLiverMetastasis(written: string): Reading {
  const options = ['synchronous', 'metachronous', 'none'];
  if (saysNothing(written)) return { value: undefined };
  const found = LIVER_WORDS.find(({ pattern }) => pattern.test(plainText(written)));
  return !found || found.value === 'ask' ? doubt('unclear', options) : { value: found.value };
}

/** How the liver became free of disease; several ways are one combined. Undefined: not said. */
export function treatmentIn(written: string): string | undefined {
  const found = new Set(
    TREATMENT_WORDS.filter(({ pattern }) => pattern.test(plainText(written))).map(({ value }) => value),
  );
  const [way] = found;
  return found.size > 1 ? 'combined' : way;
}

/** Whether two spellings of a measurement are one. */
export const isSameMeasurement = (a: string, b: string): boolean => codeForm(a) === codeForm(b);
