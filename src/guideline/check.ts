import { activitiesIn, examOutcomes } from './activities.js';
import { activityProblems } from './activity-check.js';
import { caseTimeProblems } from './case-check.js';
import { CLINICAL_EVENT_TYPES, EVENT_FIELDS, EXAM_EVENT, ORIGINS, RESERVED_FIELDS } from './facts.js';
import type {
  ChainCase,
  ChainRule,
  Condition,
  EventPattern,
  FlagRule,
  Guideline,
  Rule,
  Values,
} from './guideline.js';
import { measurementProblems } from './measurement-check.js';
import { msg } from './messages.js';
import { fault, type GuidelineFault, lengthProblems } from './period-check.js';
import { phaseProblems } from './phase-check.js';
import { activitiesOf } from './planned-item.js';
import { activitiesRecordedAs } from './recorded-exam.js';

/** The names that a guideline may use. */
interface Known {
  readonly activities: readonly string[];
  readonly events: readonly string[];
  readonly pathways: readonly string[];
  readonly rules: readonly string[];
  /** The type of event that starts each pathway. */
  readonly clocks: Readonly<Record<string, string>>;
  /** The fields of an event, with their values; null: any text. */
  readonly fieldsOf: (event: string) => Readonly<Record<string, readonly string[] | null>>;
}

/**
 * Problems that the schema of a guideline cannot express: unknown names, reversed ranges, empty or unreachable
 * phases, findings that require themselves. Empty for a guideline that the planner can use; the planner terminates
 * for each of those.
 */
export function problemsOf(guideline: Guideline): GuidelineFault[] {
  const { pathways, rules, covers, flags, events, notRoutine } = guideline;
  const known: Known = {
    activities: activitiesIn(guideline),
    events: [...ORIGINS, ...CLINICAL_EVENT_TYPES, ...Object.keys(events ?? {})],
    pathways: pathways.map(({ id }) => id),
    rules: rules.map(({ id }) => id),
    clocks: Object.fromEntries(pathways.map(({ id, clock }) => [id, clock.event])),
    fieldsOf: (event) => fieldsOf(event, guideline),
  };
  return [
    ...activityProblems(guideline),
    ...reserved(events),
    ...unknown('activity', Object.keys(guideline.measurements ?? {}), known.activities, '/measurements'),
    ...measurementProblems(guideline),
    ...twice('/pathways', known.pathways),
    ...twice('/rules', known.rules),
    ...pathways.flatMap(({ clock, endedBy }, index) => [
      ...patternProblems(clock, `/pathways/${index}/clock`, known),
      ...unknownEvents(endedBy, known, `/pathways/${index}/endedBy`),
    ]),
    ...rules.flatMap((rule, index) => ruleProblems(rule, `/rules/${index}`, known, notRoutine ?? [])),
    ...Object.entries(covers).flatMap(([activity, included]) =>
      unknown('activity', [activity, ...included], known.activities, `/covers/${activity}`),
    ),
    ...inCycles(new Map(Object.entries(covers))).map((activity) =>
      fault(`/covers/${activity}`, 'cycle', msg('includes-itself', { activity })),
    ),
    ...findingCycles(guideline),
    ...flags.flatMap((flag, index) => flagProblems(flag, `/flags/${index}`, known)),
  ];
}

function ruleProblems(
  rule: Rule,
  pointer: string,
  known: Known,
  notRoutine: NonNullable<Guideline['notRoutine']>,
): GuidelineFault[] {
  const asked = activitiesOf(rule);
  return [
    ...unknown('activity', asked, known.activities, `${pointer}/activity`),
    ...notRoutine
      .filter(({ activities }) => asked.some((activity) => activities.includes(activity)))
      .map(({ section }) =>
        fault(`${pointer}/activity`, 'not-routine', msg('rule-not-routine', { section })),
      ),
    ...(rule.given ?? []).flatMap((one, index) => conditionProblems(one, `${pointer}/given/${index}`, known)),
    ...kindProblems(rule, pointer, known),
  ];
}

function kindProblems(rule: Rule, pointer: string, known: Known): GuidelineFault[] {
  switch (rule.kind) {
    case 'recurring':
      return [
        ...unknown('pathway', [rule.pathway], known.pathways, `${pointer}/pathway`),
        ...unknown('activity', rule.satisfiedBy ?? [], known.activities, `${pointer}/satisfiedBy`),
        ...valueProblems(known.clocks[rule.pathway] ?? '', rule.where, `${pointer}/where`, known),
        ...(rule.countedFrom ? patternProblems(rule.countedFrom, `${pointer}/countedFrom`, known) : []),
        ...phaseProblems(rule.phases, `${pointer}/phases`),
      ];
    case 'chain':
      return [
        ...unknown('pathway', rule.pathways, known.pathways, `${pointer}/pathways`),
        ...chainProblems(rule, pointer, known),
      ];
    case 'after-finding':
      return [
        ...unknown('pathway', rule.pathways, known.pathways, `${pointer}/pathways`),
        ...patternProblems(rule.after, `${pointer}/after`, known),
        ...lengthProblems(rule.due, `${pointer}/due`),
      ];
  }
}

function chainProblems(rule: ChainRule, pointer: string, known: Known): GuidelineFault[] {
  const { event, field, results } = rule.counts;
  const counted = (values: readonly string[] | undefined, at: string): GuidelineFault[] =>
    field === undefined || values === undefined ? [] : valueProblems(event, { [field]: values }, at, known);
  return [
    ...patternProblems(rule.clock, `${pointer}/clock`, known),
    ...patternProblems(rule.counts, `${pointer}/counts`, known),
    ...counted(results ?? [], `${pointer}/counts/results`),
    ...(results === undefined || results.some((result) => result === rule.assumed)
      ? []
      : [
          fault(
            `${pointer}/assumed`,
            'not-counted',
            rule.assumed === undefined
              ? msg('nothing-assumed')
              : msg('result-not-counted', { result: rule.assumed }),
          ),
        ]),
    ...(rule.repeatIfEarlierBy === undefined
      ? []
      : lengthProblems(rule.repeatIfEarlierBy, `${pointer}/repeatIfEarlierBy`)),
    ...rule.cases.flatMap((one, index) => [
      ...caseProblems(one, `${pointer}/cases/${index}`, known),
      ...counted(one.when.last, `${pointer}/cases/${index}/when/last`),
      ...valueProblems(rule.clock.event, one.when.clock, `${pointer}/cases/${index}/when/clock`, known),
    ]),
  ];
}

function caseProblems(one: ChainCase, pointer: string, known: Known): GuidelineFault[] {
  const conditions = (one.when.given ?? []).flatMap((condition, index) =>
    conditionProblems(condition, `${pointer}/when/given/${index}`, known),
  );
  return [...conditions, ...caseTimeProblems(one, pointer)];
}

function patternProblems({ event, where }: EventPattern, pointer: string, known: Known): GuidelineFault[] {
  return [
    ...unknownEvents([event], known, `${pointer}/event`),
    ...valueProblems(event, where, `${pointer}/where`, known),
    ...(event === EXAM_EVENT
      ? unknown('activity', where?.['activity'] ?? [], known.activities, `${pointer}/where/activity`)
      : []),
  ];
}

/** Unknown fields of the event, and impossible values: such a condition would never hold. */
function valueProblems(
  event: string,
  where: Values | undefined,
  pointer: string,
  { events, fieldsOf: fields }: Known,
): GuidelineFault[] {
  if (where === undefined || !events.includes(event)) return [];
  const known = fields(event);
  return Object.entries(where).flatMap(([field, values]) => {
    const allowed = known[field];
    if (allowed === undefined)
      return [
        fault(
          `${pointer}/${field}`,
          'unknown-field',
          Object.keys(known).length === 0
            ? msg('event-without-fields', { event, field })
            : msg('event-without-field', { event, field, known: Object.keys(known) }),
        ),
      ];
    return values
      .filter((value) => allowed !== null && !allowed.includes(value))
      .map((value) =>
        fault(
          `${pointer}/${field}`,
          'unknown-value',
          msg('field-never-has', { field, value, known: allowed ?? [] }),
        ),
      );
  });
}

/** The fields of an event type: the known ones, and those that the guideline declares for it. */
function fieldsOf(event: string, guideline: Guideline): Record<string, readonly string[] | null> {
  const known: Readonly<Record<string, Readonly<Record<string, readonly string[] | null>>>> = EVENT_FIELDS;
  const fields: Record<string, readonly string[] | null> = { ...known[event] };
  if (event === EXAM_EVENT) fields['outcome'] = examOutcomes(guideline);
  for (const [field, values] of Object.entries(guideline.events?.[event]?.fields ?? {}))
    if (fields[field] !== null) fields[field] = [...(fields[field] ?? []), ...values];
  return fields;
}

function reserved(events: Guideline['events']): GuidelineFault[] {
  return Object.entries(events ?? {}).flatMap(([type, { fields }]) =>
    RESERVED_FIELDS.filter((field) => fields?.[field] !== undefined).map((field) =>
      fault(`/events/${type}/fields/${field}`, 'reserved', msg('reserved-field', { field })),
    ),
  );
}

function conditionProblems(condition: Condition, pointer: string, known: Known): GuidelineFault[] {
  if ('not' in condition) return conditionProblems(condition.not, `${pointer}/not`, known);
  if ('recorded' in condition) return patternProblems(condition.recorded, `${pointer}/recorded`, known);
  return 'neverRecorded' in condition
    ? patternProblems(condition.neverRecorded, `${pointer}/neverRecorded`, known)
    : [];
}

function flagProblems({ when, settledBy }: FlagRule, pointer: string, known: Known): GuidelineFault[] {
  const faults = unknown('rule', settledBy ?? [], known.rules, `${pointer}/settledBy`);
  if ('otherMethodFor' in when)
    return [
      ...faults,
      ...unknown('rule', when.otherMethodFor, known.rules, `${pointer}/when/otherMethodFor`),
    ];
  if (!('running' in when)) return [...faults, ...conditionProblems(when, `${pointer}/when`, known)];
  faults.push(...unknown('pathway', [when.running], known.pathways, `${pointer}/when/running`));
  if ('where' in when)
    faults.push(
      ...valueProblems(known.clocks[when.running] ?? '', when.where, `${pointer}/when/where`, known),
    );
  if ('neverRecorded' in when)
    faults.push(...patternProblems(when.neverRecorded, `${pointer}/when/neverRecorded`, known));
  return faults;
}

/** An exam's finding that, by one rule or several, requires the same exam again. */
function findingCycles(guideline: Guideline): GuidelineFault[] {
  const { rules } = guideline;
  const foundBy = ({ event, where }: EventPattern): readonly string[] =>
    activitiesRecordedAs(event, where?.['activity'], guideline);
  const asks = new Map<string, readonly string[]>();
  for (const rule of rules)
    if (rule.kind === 'after-finding')
      for (const found of foundBy(rule.after))
        asks.set(found, [...(asks.get(found) ?? []), ...activitiesOf(rule)]);
  const endless = inCycles(asks);
  return rules.flatMap((rule, index) => {
    const [found] =
      rule.kind === 'after-finding' ? foundBy(rule.after).filter((one) => endless.includes(one)) : [];
    return found === undefined || !activitiesOf(rule).some((asked) => endless.includes(asked))
      ? []
      : [fault(`/rules/${index}/after`, 'cycle', msg('finding-cycle', { activity: found }))];
  });
}

/** The activities that lead back to themselves. */
function inCycles(edges: ReadonlyMap<string, readonly string[]>): string[] {
  const reaches = (from: string, to: string, seen: Set<string>): boolean =>
    (edges.get(from) ?? []).some((next) => {
      if (next === to) return true;
      if (seen.has(next)) return false;
      return reaches(next, to, seen.add(next));
    });
  return [...edges.keys()].filter((one) => reaches(one, one, new Set()));
}

function twice(pointer: string, ids: readonly string[]): GuidelineFault[] {
  return ids.flatMap((id, index) =>
    ids.indexOf(id) < index ? [fault(`${pointer}/${index}/id`, 'id-twice', msg('id-twice', { id }))] : [],
  );
}

function unknown(
  what: 'pathway' | 'activity' | 'rule',
  names: readonly string[],
  known: readonly string[],
  pointer: string,
): GuidelineFault[] {
  return names
    .filter((name) => !known.includes(name))
    .map((name) => fault(pointer, `unknown-${what}`, msg(`no-such-${what}`, { name, known })));
}

const unknownEvents = (types: readonly string[], { events }: Known, pointer: string): GuidelineFault[] =>
  types
    .filter((type) => !events.includes(type))
    .map((type) => fault(pointer, 'unknown-event', msg('no-such-event', { name: type, known: events })));
