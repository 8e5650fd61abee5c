import { problemsOf } from '../../src/guideline/check.js';
import type {
  AfterFindingRule,
  ChainCase,
  ChainRule,
  Guideline,
  Pathway,
  Phase,
  RecurringRule,
  Rule,
} from '../../src/guideline/guideline.js';
import { fact } from './planned.js';

const SAME = { zh: '方案', en: 'Protocol' };
const NOT_PRINTED = { evidence: null, grade: null } as const;
const SPOKEN = { section: '1', title: SAME, interpretation: SAME } as const;

const follow: Pathway = {
  id: 'follow_up',
  section: '1',
  title: SAME,
  clock: { event: 'started' },
  endedBy: ['started', 'ended', 'death'],
};

/** A protocol with these rules: its one pathway runs from `started` to `ended`. It may be invalid. */
export const drafted = (rules: readonly Rule[], more: Partial<Guideline> = {}): Guideline => ({
  id: 'own',
  version: '1.0.0',
  title: SAME,
  sources: ['own'],
  pathways: [follow],
  rules,
  covers: {},
  flags: [],
  ...more,
  events: { started: { title: SAME }, ended: { title: SAME }, ...more.events },
});

/** The same; throws if it has problems. */
export function protocol(rules: readonly Rule[], more: Partial<Guideline> = {}): Guideline {
  const guideline = drafted(rules, more);
  const problems = problemsOf(guideline);
  if (problems.length > 0) throw new Error(JSON.stringify(problems));
  return guideline;
}

type Unprinted<T> = T extends unknown ? Omit<T, 'evidence' | 'grade'> : never;

/** A recurring rule `visit`: markers on a grid, unless `more` says otherwise. */
export const visit = (
  phases: readonly [Unprinted<Phase>, ...Unprinted<Phase>[]],
  more: Partial<RecurringRule> = {},
): RecurringRule => ({
  kind: 'recurring',
  id: 'visit',
  activity: 'tumour_markers',
  anchor: 'grid',
  pathway: 'follow_up',
  ...SPOKEN,
  phases: phases.map((phase) => ({ ...phase, ...NOT_PRINTED })) as unknown as RecurringRule['phases'],
  ...more,
});

/** A chain `scope` of colonoscopies from `started`. */
export const scope = (cases: readonly Unprinted<ChainCase>[], more: Partial<ChainRule> = {}): ChainRule => ({
  kind: 'chain',
  id: 'scope',
  activity: 'colonoscopy',
  anchor: 'rolling',
  clock: { event: 'started' },
  pathways: ['follow_up'],
  counts: { event: 'colonoscopy', field: 'finding', results: ['normal', 'abnormal'] },
  assumed: 'normal',
  ...SPOKEN,
  cases: cases.map((one) => ({ ...one, ...NOT_PRINTED })),
  ...more,
});

/** A rule `look` that requires a liver MRI after `after`. */
export const look = (
  after: AfterFindingRule['after'],
  due: AfterFindingRule['due'],
  more: Partial<AfterFindingRule> = {},
): AfterFindingRule => ({
  kind: 'after-finding',
  id: 'look',
  activity: 'mri_liver',
  pathways: ['follow_up'],
  ...SPOKEN,
  ...NOT_PRINTED,
  after,
  due,
  ...more,
});

export const started = (date: string) => fact('started', date);
export const ended = (date: string) => fact('ended', date);
