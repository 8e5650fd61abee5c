import type { Policy, PolicyChange } from '../calls/policy.js';

type Patch = PolicyChange['policy'];
type RuleDecision = NonNullable<Policy['rules']>[string];

/** What is typed about one rule: an interval for each phase by its number, and the day from which it is left out. */
export interface TypedRule {
  readonly every: Readonly<Record<string, string>>;
  readonly offFrom: string;
}

export const TOLERANCES = ['upTo3Months', 'upTo12Months', 'longer'] as const;
export type ToleranceName = (typeof TOLERANCES)[number];

export const RISE_NUMBERS = ['percent', 'lowestOf', 'successive', 'fromPercentOfLimit'] as const;
type RiseNumber = (typeof RISE_NUMBERS)[number];

/** When a value within its limit is judged because it has risen. */
export interface TypedRises extends Readonly<Record<RiseNumber, string>> {
  readonly isJudged: boolean;
}

/** What the server uses where the policy has no rule for rises. */
export const DEFAULT_RISES: NonNullable<Policy['rises']> = {
  ...{ enabled: true, percent: 30, lowestOf: 3, successive: 2, fromPercentOfLimit: 50 },
};

/** The fields of the form: a text for everything that may be empty. */
export interface TypedPolicy {
  readonly guideline: string;
  readonly profile: Policy['profile'];
  readonly liverImaging: Policy['liverImaging'];
  readonly tolerances: Readonly<Record<ToleranceName, string>>;
  /** By the id of the rule; null: as in the guideline again. */
  readonly rules: Readonly<Record<string, TypedRule | null>>;
  /** By the code of the measurement, in its unit. */
  readonly limits: Readonly<Record<string, string>>;
  readonly rises: TypedRises;
  readonly leadDays: string;
  readonly time: string;
  readonly until: string;
  readonly overdueEveryDays: string;
  readonly responsibleNurse: string;
  readonly headNurse: string;
}

/** What the server uses where the policy names no tolerance. */
export const DEFAULT_TOLERANCES: Readonly<Record<ToleranceName, number>> = {
  ...{ upTo3Months: 14, upTo12Months: 30, longer: 60 },
};

const textOf = (value: number | string | null | undefined): string => (value ?? '').toString();

/** The policy in force as the form shows it. */
export function typedOf(policy: Policy): TypedPolicy {
  const { guideline, profile, liverImaging, tolerances, rules = {}, reminders } = policy;
  const { referenceLimits = {}, rises = DEFAULT_RISES } = policy;
  const { leadDays, time, until, overdueEveryDays, escalation } = reminders;
  return {
    ...{ guideline, profile, liverImaging },
    tolerances: {
      upTo3Months: textOf(tolerances?.upTo3Months),
      upTo12Months: textOf(tolerances?.upTo12Months),
      longer: textOf(tolerances?.longer),
    },
    rules: Object.fromEntries(Object.entries(rules).map(([id, decision]) => [id, typedRule(decision)])),
    limits: Object.fromEntries(Object.entries(referenceLimits).map(([code, limit]) => [code, textOf(limit)])),
    rises: {
      isJudged: rises.enabled,
      ...{ percent: textOf(rises.percent), lowestOf: textOf(rises.lowestOf) },
      ...{ successive: textOf(rises.successive), fromPercentOfLimit: textOf(rises.fromPercentOfLimit) },
    },
    leadDays: [leadDays].flat().join(', '),
    ...{ time, until: textOf(until), overdueEveryDays: textOf(overdueEveryDays) },
    responsibleNurse: textOf(escalation?.responsibleNurseAfterDays),
    headNurse: textOf(escalation?.headNurseAfterDays),
  };
}

const typedRule = ({ phases = {}, offFrom }: RuleDecision): TypedRule => ({
  every: Object.fromEntries(Object.entries(phases).map(([phase, { every }]) => [phase, textOf(every)])),
  offFrom: textOf(offFrom),
});

/** The part of the policy that differs from the one in force; null: nothing does. */
export function patchOf(policy: Policy, typed: TypedPolicy, reason: string): Patch | null {
  const before = typedOf(policy);
  const changed = (...names: readonly (keyof TypedPolicy)[]): boolean =>
    names.some((name) => JSON.stringify(typed[name]) !== JSON.stringify(before[name]));
  const patch: Patch = {
    ...(changed('guideline') && { guideline: typed.guideline }),
    ...(changed('profile') && { profile: typed.profile }),
    ...(changed('liverImaging') && { liverImaging: typed.liverImaging }),
    ...(changed('tolerances') && { tolerances: tolerancesOf(typed.tolerances) }),
    ...(changed('rules') && { rules: rulesOf(policy, typed, reason) }),
    ...(changed('limits') && { referenceLimits: limitsOf(before.limits, typed.limits) }),
    ...(changed('rises') && { rises: risesOf(typed.rises) }),
    ...(changed('leadDays', 'time', 'until', 'overdueEveryDays', 'responsibleNurse', 'headNurse') && {
      reminders: remindersOf(typed),
    }),
  };
  return Object.keys(patch).length === 0 ? null : patch;
}

/** All empty: the defaults of the server. */
function tolerancesOf(typed: TypedPolicy['tolerances']): NonNullable<Patch['tolerances']> | null {
  if (TOLERANCES.every((name) => typed[name] === '')) return null;
  const days = (name: ToleranceName): number =>
    typed[name] === '' ? DEFAULT_TOLERANCES[name] : Number(typed[name]);
  return { upTo3Months: days('upTo3Months'), upTo12Months: days('upTo12Months'), longer: days('longer') };
}

/** The limits that differ; an empty one is the usual limit again. */
const limitsOf = (
  before: TypedPolicy['limits'],
  typed: TypedPolicy['limits'],
): NonNullable<Patch['referenceLimits']> =>
  Object.fromEntries(
    Object.entries(typed)
      .filter(([code, limit]) => limit !== (before[code] ?? ''))
      .map(([code, limit]) => [code, limit === '' ? null : Number(limit)]),
  );

/** The whole rule. Without a percentage or a number of rises in a row, that is not asked; other empty fields have their default. */
const risesOf = (typed: TypedRises): NonNullable<Patch['rises']> => ({
  enabled: typed.isJudged,
  percent: typed.percent === '' ? null : Number(typed.percent),
  lowestOf: typed.lowestOf === '' ? DEFAULT_RISES.lowestOf : Number(typed.lowestOf),
  successive: typed.successive === '' ? null : Number(typed.successive),
  fromPercentOfLimit:
    typed.fromPercentOfLimit === '' ? DEFAULT_RISES.fromPercentOfLimit : Number(typed.fromPercentOfLimit),
});

/** The decisions that differ, with their reason. What the form does not show of a decision stays. */
function rulesOf({ rules = {} }: Policy, typed: TypedPolicy, reason: string): NonNullable<Patch['rules']> {
  const changed = Object.entries(typed.rules).filter(([id, rule]) => {
    const before = rules[id];
    return JSON.stringify(rule) !== JSON.stringify(before ? typedRule(before) : undefined);
  });
  return Object.fromEntries(
    changed.map(([id, rule]) => [id, rule && isSet(rule) ? decisionOf(rules[id], rule, reason) : null]),
  );
}

const isSet = ({ every, offFrom }: TypedRule): boolean =>
  offFrom !== '' || Object.values(every).some((value) => value !== '');

function decisionOf(
  before: RuleDecision | undefined,
  { every, offFrom }: TypedRule,
  reason: string,
): NonNullable<NonNullable<Patch['rules']>[string]> {
  const phases = Object.entries(every)
    .map(([phase, value]) => {
      const until = before?.phases?.[phase]?.until;
      return [
        phase,
        { ...(until !== undefined && { until }), ...(value !== '' && { every: value }) },
      ] as const;
    })
    .filter(([, phase]) => Object.keys(phase).length > 0);
  return {
    ...(before?.interval !== undefined && { interval: before.interval }),
    ...(phases.length > 0 && { phases: Object.fromEntries(phases) }),
    ...(offFrom !== '' && { offFrom }),
    reason,
  };
}

function remindersOf(typed: TypedPolicy): NonNullable<Patch['reminders']> {
  const { leadDays, time, until, overdueEveryDays, responsibleNurse, headNurse } = typed;
  const days = leadDays
    .split(/[,，、\s]+/)
    .filter((one) => one !== '')
    .map(Number);
  const escalates = responsibleNurse !== '' && headNurse !== '';
  return {
    leadDays: days.length === 1 ? (days[0] ?? 0) : days,
    time,
    until: until === '' ? null : until,
    overdueEveryDays: overdueEveryDays === '' ? null : Number(overdueEveryDays),
    escalation: escalates
      ? { responsibleNurseAfterDays: Number(responsibleNurse), headNurseAfterDays: Number(headNurse) }
      : null,
  };
}
