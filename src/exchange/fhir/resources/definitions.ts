import type { ActivityDefinition, PlanDefinition, PlanDefinitionAction } from 'fhir/r4.js';
import { numbersOfActivity } from '../../../guideline/clinical-kinds.js';
import type { Guideline, Language, Rule } from '../../../guideline/guideline.js';
import { activitiesOf } from '../../../guideline/planned-item.js';
import { activityTitle } from '../../../guideline/vocabulary.js';
import { type CodedIn, codingsOf, concept, hl7Concept } from '../../../interop/fhir/codes.js';
import { activityCanonical, activityUrl, planUrl, resourceId } from './canonicals.js';
import { versioned } from './patient-record.js';

/** A published version never changes, and a stored one is frozen: the day from which the program has served them. */
const UNCHANGED_SINCE = new Date('2026-01-01T00:00:00Z');

interface Reader {
  readonly language: Language;
  readonly codedIn: CodedIn;
}

/** The guideline as a protocol: an action for each rule, with what the text says and how it was read. */
export function planDefinition(guideline: Guideline, { language }: Reader): PlanDefinition {
  const { id, version, title, sources, caution, rules } = guideline;
  return versioned<PlanDefinition>(
    {
      ...{ resourceType: 'PlanDefinition', id: resourceId(id, version) },
      url: planUrl(guideline),
      version,
      name: nameOf('Guideline', id),
      title: title[language],
      type: hl7Concept('plan-definition-type', 'clinical-protocol'),
      status: 'active',
      description: caution?.[language],
      relatedArtifact: sources.map((citation) => ({ type: 'citation' as const, citation })),
      action: rules.map((rule) => actionOf(rule, guideline, language)),
    },
    UNCHANGED_SINCE,
  );
}

function actionOf(rule: Rule, guideline: Guideline, language: Language): PlanDefinitionAction {
  const { id, title, interpretation, section } = rule;
  const activities = activitiesOf(rule);
  const [only, ...others] = activities;
  const definition = (activity: string): Pick<PlanDefinitionAction, 'definitionCanonical'> => ({
    definitionCanonical: activityCanonical(guideline, activity),
  });
  return {
    id: resourceId(id),
    prefix: section,
    title: title[language],
    description: interpretation[language],
    ...(others.length === 0
      ? only !== undefined && definition(only)
      : {
          // Several activities take turns.
          groupingBehavior: 'logical-group' as const,
          selectionBehavior: 'exactly-one' as const,
          action: activities.map((activity) => ({
            title: activityTitle(activity, guideline)[language],
            ...definition(activity),
          })),
        }),
  };
}

/** One definition for each activity that the guideline plans. */
export const activityDefinitions = (
  guideline: Guideline,
  { language, codedIn }: Reader,
): ActivityDefinition[] =>
  [...new Set(guideline.rules.flatMap((rule) => [...activitiesOf(rule)]))].map((activity) => {
    const title = activityTitle(activity, guideline)[language];
    return versioned<ActivityDefinition>(
      {
        ...{ resourceType: 'ActivityDefinition', id: resourceId(guideline.id, guideline.version, activity) },
        url: activityUrl(guideline, activity),
        version: guideline.version,
        name: nameOf('Activity', activity),
        title,
        status: 'active',
        kind: 'ServiceRequest',
        intent: 'plan',
        code: concept('activity', activity, title, codingsOf(numbersOfActivity(activity), codedIn)),
      },
      UNCHANGED_SINCE,
    );
  });

/** A name for programs: letters, digits and underscores, the first a capital. */
const nameOf = (kind: string, id: string): string => `${kind}_${id.replace(/\W/g, '_')}`.slice(0, 255);
