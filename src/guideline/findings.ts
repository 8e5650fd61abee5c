import type { FactFault } from './fact-faults.js';
import type { WithActivities } from './activities.js';
import type { ActivityCode, Text } from './guideline.js';
import type { Message } from './message.js';
import { msg } from './measurement-messages.js';
import { activityTitle, withCode } from './vocabulary.js';

/** A field of a finding: a whole number from `from` through `to`, one of the words, or several of them. */
export type FindingField =
  | { readonly title: Text; readonly from: number; readonly to: number }
  | { readonly title: Text; readonly oneOf: readonly string[] }
  | { readonly title: Text; readonly anyOf: readonly string[] };

/** A kind of finding, with the optional fields that describe it. */
export interface FindingDeclaration {
  readonly title: Text;
  readonly fields: Readonly<Record<string, FindingField>>;
  /** Whether a clinician has to judge an exam with this finding, regardless of its outcome. */
  readonly judged: boolean;
}

/** A finding as it is recorded: its kind, and the fields of that kind. */
export interface Finding {
  readonly kind: string;
  readonly [field: string]: unknown;
}

const count = { title: { zh: '数目', en: 'number' }, from: 1, to: 99 } as const;
const largestMm = { title: { zh: '最大径（mm）', en: 'largest diameter in mm' }, from: 1, to: 400 } as const;
const segments = {
  title: { zh: '肝段', en: 'segments of the liver' },
  anyOf: ['I', 'II', 'III', 'IVa', 'IVb', 'V', 'VI', 'VII', 'VIII'],
} as const;
const colonSegments = {
  title: { zh: '肠段', en: 'part of the bowel' },
  anyOf: [
    ...['terminal_ileum', 'caecum', 'ascending', 'transverse', 'descending', 'sigmoid', 'rectum'],
    'anastomosis',
  ],
} as const;

/** The kinds of findings. A kind has the same meaning for every activity. */
const KINDS = {
  liver_lesion: {
    title: { zh: '肝脏病灶', en: 'liver lesion' },
    fields: { count, largestMm, segments },
    judged: true,
  },
  benign_liver_lesion: {
    title: { zh: '肝脏良性病灶（囊肿、血管瘤等）', en: 'benign liver lesion (cyst, haemangioma …)' },
    fields: { count, largestMm, segments },
    judged: false,
  },
  lung_nodule: {
    title: { zh: '肺结节', en: 'lung nodule' },
    fields: {
      count,
      largestMm,
      side: { title: { zh: '侧别', en: 'side' }, oneOf: ['left', 'right', 'both'] },
    },
    judged: true,
  },
  lymph_node: {
    title: { zh: '淋巴结肿大', en: 'enlarged lymph nodes' },
    fields: {
      count,
      largestMm,
      region: {
        title: { zh: '部位', en: 'region' },
        anyOf: ['hepatic_hilum', 'mesenteric', 'retroperitoneal', 'pelvic', 'mediastinal', 'other'],
      },
    },
    judged: true,
  },
  local_recurrence: {
    title: { zh: '局部复发征象', en: 'signs of local recurrence' },
    fields: { largestMm },
    judged: true,
  },
  peritoneal_lesion: {
    title: { zh: '腹膜病灶', en: 'peritoneal lesion' },
    fields: { count, largestMm },
    judged: true,
  },
  extent: {
    title: { zh: '检查范围', en: 'extent of the colonoscopy' },
    fields: {
      reached: {
        title: { zh: '到达部位', en: 'reached' },
        oneOf: ['terminal_ileum', 'caecum', 'anastomosis', 'not_complete'],
      },
      preparation: { title: { zh: '肠道准备', en: 'bowel preparation' }, oneOf: ['adequate', 'inadequate'] },
    },
    judged: false,
  },
  polyp: {
    title: { zh: '息肉', en: 'polyp' },
    fields: {
      count,
      largestMm,
      segments: colonSegments,
      histology: {
        title: { zh: '病理', en: 'histology' },
        anyOf: [
          ...['pending', 'hyperplastic', 'serrated', 'tubular_adenoma', 'tubulovillous_adenoma'],
          ...['villous_adenoma', 'high_grade_dysplasia', 'carcinoma', 'other'],
        ],
      },
      removal: { title: { zh: '切除', en: 'removal' }, oneOf: ['complete', 'incomplete', 'not_removed'] },
    },
    judged: true,
  },
  bowel_tumour: {
    title: { zh: '肠道肿瘤', en: 'tumour of the bowel' },
    fields: { largestMm, segments: colonSegments },
    judged: true,
  },
} as const satisfies Readonly<Record<string, FindingDeclaration>>;

type Kind = keyof typeof KINDS;

const LIVER: readonly Kind[] = ['liver_lesion', 'benign_liver_lesion'];
const CHEST: readonly Kind[] = ['lung_nodule', 'lymph_node'];
const ABDOMEN: readonly Kind[] = ['lymph_node', 'local_recurrence', 'peritoneal_lesion'];

/** The kinds of findings of each activity. Other activities have no structured findings. */
const FINDINGS: Readonly<Record<ActivityCode, readonly Kind[]>> = {
  liver_ultrasound: LIVER,
  mri_liver: LIVER,
  ct_chest_abdomen: [...LIVER, ...new Set([...CHEST, ...ABDOMEN])],
  ct_chest_abdomen_pelvis: [...LIVER, ...new Set([...CHEST, ...ABDOMEN])],
  ct_abdomen_pelvis: [...LIVER, ...ABDOMEN],
  colonoscopy: ['extent', 'polyp', 'bowel_tumour', 'local_recurrence'],
};

/** The kinds of findings that an exam of this activity can have, by name. */
export const findingsOf = (activity: ActivityCode): Readonly<Record<string, FindingDeclaration>> =>
  // A guideline may declare an activity named `constructor`: inherited properties must not be read.
  Object.fromEntries(
    (Object.hasOwn(FINDINGS, activity) ? (FINDINGS[activity] ?? []) : []).map((kind) => [kind, KINDS[kind]]),
  );

/** The activities whose exams have structured findings. */
export const ACTIVITIES_WITH_FINDINGS: readonly ActivityCode[] = Object.keys(FINDINGS);

/** The findings of an exam that a clinician has to judge. */
export const findingsToJudge = (activity: ActivityCode, findings: readonly Finding[]): readonly Finding[] => {
  const known = findingsOf(activity);
  return findings.filter(({ kind }) => Object.hasOwn(known, kind) && known[kind]?.judged === true);
};

/** The stored findings of an event. */
export const recordedFindings = ({ findings }: Readonly<Record<string, unknown>>): readonly Finding[] =>
  Array.isArray(findings) ? (findings as readonly Finding[]) : [];

const MOST_FIELDS = 20;

/** The validation errors of the findings of one exam. Pointers begin with `/findings`. */
export function findingFaults(
  activity: ActivityCode,
  findings: readonly Finding[],
  guideline: WithActivities,
): FactFault[] {
  if (findings.length === 0) return [];
  const known = findingsOf(activity);
  const kinds = Object.entries(known).map(([kind, { title }]) => withCode(kind, title));
  const named = activityTitle(activity, guideline);
  if (kinds.length === 0) {
    const activities = ACTIVITIES_WITH_FINDINGS.map((code) => activityTitle(code, guideline));
    return [fault('/findings', 'not-allowed', msg('finds-nothing', { activity: named, activities }))];
  }
  return findings.flatMap(({ kind, ...fields }, index) => {
    const at = `/findings/${index}`;
    const declared = Object.hasOwn(known, kind) ? known[kind] : undefined;
    if (declared === undefined)
      return [fault(`${at}/kind`, 'not-allowed', msg('finding-unknown', { activity: named, kind, kinds }))];
    // No finding has so many fields, so at least one of these is refused.
    const written = Object.entries(fields).slice(0, MOST_FIELDS);
    return written.flatMap(([name, value]) => fieldFaults(declared, name, value, at));
  });
}

function fieldFaults(
  { title, fields }: FindingDeclaration,
  name: string,
  value: unknown,
  at: string,
): FactFault[] {
  const pointer = `${at}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
  const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
  if (field === undefined)
    return [
      fault(
        pointer,
        'unknown-field',
        msg('finding-field-unknown', {
          ...{ kind: title, name },
          fields: Object.entries(fields).map(([code, one]) => withCode(code, one.title)),
        }),
      ),
    ];
  const named = withCode(name, field.title);
  if ('from' in field) {
    const { from, to } = field;
    return Number.isInteger(value) && Number(value) >= from && Number(value) <= to
      ? []
      : [fault(pointer, 'out-of-range', msg('finding-number', { name: named, from, to }))];
  }
  if ('oneOf' in field)
    return field.oneOf.some((one) => one === value)
      ? []
      : [fault(pointer, 'not-allowed', msg('finding-one-of', { name: named, values: field.oneOf }))];
  const isSome =
    Array.isArray(value) &&
    value.length > 0 &&
    new Set(value).size === value.length &&
    value.every((one) => field.anyOf.some((word) => word === one));
  return isSome
    ? []
    : [fault(pointer, 'not-allowed', msg('finding-any-of', { name: named, values: field.anyOf }))];
}

const fault = (pointer: string, code: string, message: Message): FactFault => ({ pointer, code, message });
