import { activitiesIn, determinesNextDate, outcomesOf } from '../../guideline/activities.js';
import type { Guideline } from '../../guideline/guideline.js';
import { allMeasurements, unitsOf } from '../../guideline/measurements.js';
import { activityTitle } from '../../guideline/vocabulary.js';
import { eventForm } from '../../patients/clinical-event-input.js';
import type { FieldFault } from '../../platform/domain-error.js';
import { faultsOfIssues } from '../../platform/http/input-faults.js';
import { msg } from '../../platform/messages/dictionary.js';
import { BUILT_IN } from './built-in-mapping.js';
import { activitiesFor } from './code-tables.js';
import type { Mapping } from './mapping-file.js';

type Message = FieldFault['message'];
const fault = (pointer: string, code: string, message: Message): FieldFault => ({ pointer, code, message });

/**
 * Problems that the schema cannot express: names that the guideline does not have, entries that contradict each other,
 * outcomes without a condition. Empty for a mapping that can be used with the guideline.
 */
export function mappingProblems(mapping: Mapping, guideline: Guideline | undefined): FieldFault[] {
  const under = guideline ?? {};
  return [
    ...(mapping.id === BUILT_IN ? [fault('/id', 'taken', msg('mapping-id-built-in', { id: BUILT_IN }))] : []),
    ...numberProblems(mapping),
    ...examProblems(mapping, under),
    ...reportProblems(mapping, under),
    ...tooManyRules(mapping),
    ...measurementProblems(mapping, under),
    ...eventProblems(mapping, under),
    ...twice('/exams', mapping.exams),
    ...twice('/measurements', mapping.measurements),
    ...twice(
      '/events',
      mapping.events.map(({ kind, ...entry }) => ({ ...entry, system: `${kind} ${entry.system ?? ''}` })),
    ),
  ];
}

/** Of one code. A report is compared with all of them. */
const MOST_RULES = 50;

/** The first rule of each code that has too many. */
function tooManyRules({ reports }: Mapping): FieldFault[] {
  const counts = new Map<string, number>();
  return reports.flatMap(({ code }, index) => {
    const count = (counts.get(code) ?? 0) + 1;
    counts.set(code, count);
    return count === MOST_RULES + 1
      ? [fault(`/reports/${index}`, 'too-many', msg('mapping-too-many-rules', { code, limit: MOST_RULES }))]
      : [];
  });
}

type Under = Pick<Guideline, 'activities' | 'events' | 'measurements'>;

const numberProblems = ({ patientNumber: { types, otherwiseFirst } }: Mapping): FieldFault[] =>
  types.length === 0 && otherwiseFirst === undefined
    ? [fault('/patientNumber/types', 'required', msg('mapping-number-type'))]
    : [];

function examProblems({ exams }: Mapping, guideline: Under): FieldFault[] {
  const values = activitiesIn(guideline);
  return exams.flatMap(({ activity }, index) =>
    values.includes(activity)
      ? []
      : [fault(`/exams/${index}/activity`, 'not-allowed', msg('none-of', { values: [...values] }))],
  );
}

function reportProblems(mapping: Mapping, guideline: Under): FieldFault[] {
  return mapping.reports.flatMap((rule, index) => {
    const at = `/reports/${index}`;
    const { sender, code, system, outcome, when } = rule;
    const [activity] = activitiesFor(mapping, { sender, codes: [{ code, system }] });
    const found: FieldFault[] = when.flatMap(({ from, to, missing, is, has, lacks }, place) => {
      const pointer = `${at}/when/${place}`;
      if (missing && [is, has, lacks, from, to].some((part) => part !== undefined))
        return [fault(pointer, 'contradiction', msg('mapping-missing-alone'))];
      if (from !== undefined && to !== undefined && from > to)
        return [fault(pointer, 'contradiction', msg('mapping-range-reversed', { from, to }))];
      return [];
    });
    if (outcome !== undefined && when.length === 0)
      found.push(fault(`${at}/when`, 'required', msg('mapping-outcome-needs-condition')));
    if (activity === undefined)
      return [...found, fault(`${at}/code`, 'unknown', msg('mapping-code-no-exam', { code }))];
    if (
      outcome === undefined
        ? determinesNextDate(activity, guideline)
        : !outcomesOf(activity, guideline).includes(outcome)
    ) {
      const known = { activity: activityTitle(activity, guideline), known: outcomesOf(activity, guideline) };
      found.push(fault(`${at}/outcome`, 'not-allowed', msg('outcomes-of-activity', known)));
    }
    return found;
  });
}

function measurementProblems({ measurements, units, laboratories }: Mapping, guideline: Under): FieldFault[] {
  const measured = Object.values(allMeasurements(guideline)).flat();
  const codes = measured.map(({ code }) => code);
  const known = new Set(measured.flatMap((one) => unitsOf(one).map(([unit]) => unit)));
  const codeProblem = (pointer: string, code: string): FieldFault[] =>
    codes.includes(code) ? [] : [fault(pointer, 'not-allowed', msg('none-of', { values: codes }))];
  return [
    ...measurements.flatMap(({ measurement }, index) =>
      codeProblem(`/measurements/${index}/measurement`, measurement),
    ),
    ...units.flatMap(({ unit }, index) =>
      known.has(unit)
        ? []
        : [fault(`/units/${index}/unit`, 'not-allowed', msg('none-of', { values: [...known] }))],
    ),
    ...laboratories.flatMap(({ limits }, index) =>
      limits.flatMap(({ measurement }, place) =>
        codeProblem(`/laboratories/${index}/limits/${place}/measurement`, measurement),
      ),
    ),
  ];
}

/** Any day: the form of an event asks for one. */
const SOME_DAY = '2026-01-01';

/** With an inbox a person adds the missing fields of an event; without one they have to be in the file. */
function eventProblems({ events, uninterpreted }: Mapping, guideline: Under): FieldFault[] {
  const form = eventForm(guideline, () => uninterpreted === 'refuse');
  return events.flatMap(({ event }, index) => {
    const parsed = form.safeParse({ ...event, date: SOME_DAY });
    return parsed.success
      ? []
      : faultsOfIssues(parsed.error.issues).map((one) => ({
          ...one,
          pointer: `/events/${index}/event${one.pointer}`,
        }));
  });
}

/** Two entries for the same code of the same sender. */
function twice(
  pointer: string,
  entries: readonly {
    readonly sender?: string | undefined;
    readonly system?: string | undefined;
    readonly code: string;
  }[],
): FieldFault[] {
  const seen = new Set<string>();
  return entries.flatMap(({ sender, system, code }, index) => {
    const key = JSON.stringify([sender ?? null, system ?? null, code]);
    const isSecond = seen.has(key);
    seen.add(key);
    return isSecond
      ? [fault(`${pointer}/${index}/code`, 'named-twice', msg('mapping-code-twice', { code }))]
      : [];
  });
}
