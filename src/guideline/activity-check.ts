import { activitiesIn, ACTIVITIES, activityNamed, outcomesOf } from './activities.js';
import { CLINICAL_EVENT_TYPES } from './facts.js';
import type { ActivityDeclaration, Guideline } from './guideline.js';
import { msg } from './messages.js';
import { fault, type GuidelineFault } from './period-check.js';

type Declaring = Pick<Guideline, 'activities' | 'events'>;

/** Problems of the activities that a guideline declares: outcomes that no exam can have, or that no event records. */
export function activityProblems(guideline: Declaring): GuidelineFault[] {
  return Object.entries(guideline.activities ?? {}).flatMap(([code, declared]) => {
    const pointer = `/activities/${code}`;
    return [
      ...(ACTIVITIES.some((one) => one === code)
        ? [fault(pointer, 'already-known', msg('activity-already-known', { activity: code }))]
        : []),
      ...outcomeProblems(code, declared, guideline, pointer),
      ...recordingProblems(code, declared, guideline, pointer),
    ];
  });
}

function outcomeProblems(
  code: string,
  { outcomes, notDone }: ActivityDeclaration,
  guideline: Declaring,
  pointer: string,
): GuidelineFault[] {
  const possible = outcomesOf(code, guideline);
  const listed: readonly string[] = outcomes ?? [];
  const twice = listed.flatMap((outcome, index, all) =>
    all.indexOf(outcome) < index
      ? [fault(`${pointer}/outcomes/${index}`, 'id-twice', msg('id-twice', { id: outcome }))]
      : [],
  );
  const unknown = (notDone ?? []).flatMap((value, index) =>
    possible.includes(value)
      ? []
      : [
          fault(
            `${pointer}/notDone/${index}`,
            'unknown-value',
            msg('field-never-has', { field: 'notDone', value, known: possible }),
          ),
        ],
  );
  const isNeverDone = notDone !== undefined && possible.every((outcome) => notDone.includes(outcome));
  return [
    ...twice,
    ...unknown,
    ...(isNeverDone
      ? [fault(`${pointer}/notDone`, 'never-done', msg('activity-never-done', { activity: code }))]
      : []),
  ];
}

function recordingProblems(
  code: string,
  { recordedAs }: ActivityDeclaration,
  guideline: Declaring,
  pointer: string,
): GuidelineFault[] {
  if (recordedAs === undefined) return [];
  const { event, field } = recordedAs;
  const at = `${pointer}/recordedAs`;
  const declared = Object.keys(guideline.events ?? {}).filter(
    (type) => !CLINICAL_EVENT_TYPES.some((known) => known === type),
  );
  if (!declared.includes(event))
    return [fault(`${at}/event`, 'unknown-event', msg('no-such-event', { name: event, known: declared }))];
  const values = guideline.events?.[event]?.fields?.[field];
  if (values === undefined)
    return [
      fault(
        `${at}/field`,
        'unknown-field',
        msg('event-without-field', { event, field, known: fieldsOf(event, guideline) }),
      ),
    ];
  const other = activitiesIn(guideline).find(
    (one) => one !== code && activityNamed(one, guideline)?.recordedAs?.event === event,
  );
  return [
    ...outcomesOf(code, guideline)
      .filter((outcome) => !values.includes(outcome))
      .map((value) =>
        fault(`${at}/field`, 'unknown-value', msg('field-never-has', { field, value, known: values })),
      ),
    ...(other === undefined
      ? []
      : [fault(`${at}/event`, 'recorded-twice', msg('event-records-other', { event, activity: other }))]),
  ];
}

const fieldsOf = (event: string, { events }: Declaring): string[] =>
  Object.keys(events?.[event]?.fields ?? {});
