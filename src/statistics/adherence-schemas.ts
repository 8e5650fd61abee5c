import { z } from 'zod';
import { addDays, type CalendarDate, calendarDate } from '../guideline/calendar.js';
import type { Language } from '../guideline/guideline.js';
import { PUBLISHED_ADHERENCE } from '../guideline/published-adherence.js';
import { pageBy, Uuid } from '../platform/http/paging.js';
import { issue } from '../platform/messages/issues.js';
import { text } from '../platform/text.js';
import type { Adherence } from './adherence.service.js';
import {
  attemptsPerContact,
  callsPerContact,
  type Figures,
  followUp,
  lossesRecorded,
  noShows,
  percentOf,
  type Share,
} from './figures.js';
import type { Period } from './fact-sources.js';
import { ITEM_OUTCOMES, type ItemOutcome } from './item-outcome.js';
import { GAUGE_PERCENT } from './inspection-content.js';
import { reasonText } from './reason-text.js';
import { DIMENSIONS, type Dimension, MEASURES, type Measure, sourceOf, sourcesBy } from './measures.js';

/** The longest period of one answer. */
const MOST_DAYS = 1100;
/** Groups of one answer; a hospital has fewer activities, rules, nurses and departments. */
export const MOST_GROUPS = 2000;

const Day = z.iso.date().transform(calendarDate);
const PeriodFields = {
  from: Day.describe('The first day, by due date'),
  to: Day.describe(`The last day, at most ${MOST_DAYS} days after the first`),
};

/** Adds the checks of a period to a schema with `from` and `to`. */
const withPeriod = <S extends z.ZodType<{ from: CalendarDate; to: CalendarDate }>>(schema: S) =>
  schema
    .refine(({ from, to }) => from <= to, { path: ['to'], error: issue('period-reversed') })
    .refine(({ from, to }) => to <= addDays(from, MOST_DAYS), {
      ...{ path: ['to'], error: issue('period-beyond-limit', { days: MOST_DAYS }) },
    });

const FiguresFields = { ...PeriodFields, by: z.enum(DIMENSIONS).default('activity') };

export const AdherenceQuery = withPeriod(z.strictObject(FiguresFields));

export const AdherenceFileQuery = withPeriod(
  z.strictObject({
    ...FiguresFields,
    lang: z.enum(['zh', 'en']).optional().describe('Default: Accept-Language'),
  }),
);

export const BehindQuery = withPeriod(
  pageBy(z.tuple([z.iso.date(), Uuid]))
    .extend({
      ...PeriodFields,
      by: z.enum(DIMENSIONS).optional(),
      group: text(300).optional().describe('The `key` of a group; `none`: the group whose key is null'),
      measure: z.enum(MEASURES).describe('Which count'),
    })
    .strict(),
).refine(({ by, group }) => (by === undefined) === (group === undefined), {
  ...{ path: ['group'], error: issue('group-with-by') },
});

export const ShareView = z.object({
  numerator: z.int(),
  denominator: z.int(),
  percent: z.number().nullable().describe('To one decimal; null: the denominator is 0'),
});
export const shareView = (share: Share): z.output<typeof ShareView> => ({
  ...share,
  percent: percentOf(share),
});

const FiguresView = z
  .object({
    key: z.string().nullable().describe('Of the group; null: none of the dimension'),
    label: z.string().nullable(),
    due: z.int().describe('Items that fell due in the period'),
    items: z
      .object(
        Object.fromEntries(ITEM_OUTCOMES.map((name) => [name, z.int()])) as Record<ItemOutcome, z.ZodInt>,
      )
      .describe('The same, by what became of them'),
    excused: z.int().describe('declined, contraindicated or ended'),
    adherence: ShareView.describe('on_time, of on_time, late, missed and overdue'),
    completion: ShareView.describe('on_time and late, of the same'),
    underTesting: ShareView.describe('missed and overdue, of the same'),
    overTesting: ShareView.describe('Exams that complete no item, of all exams'),
    delayDays: z
      .object({ lowerQuartile: z.int(), median: z.int(), upperQuartile: z.int() })
      .nullable()
      .describe('Days from the due date to the day on which the item was done; negative: before it was due'),
    reasons: z
      .array(z.object({ reason: z.string(), text: z.string(), count: z.int() }))
      .max(100)
      .describe('Where items stand that were not done: a step and its reason, as a code and in words'),
    visits: z
      .object({
        noShows: ShareView.describe('Not attended, of attended and not attended'),
        cancelledByPatient: z.int(),
        cancelledByHospital: z.int(),
        withoutOutcome: z.int(),
      })
      .nullable()
      .describe('Appointments of the period; null in a group of one activity or rule'),
    contacts: z
      .object({
        attemptsPerContact: ShareView.describe('All attempts, and those that reached a person'),
        callsPerContact: ShareView.describe('Calls, and those that reached a person'),
      })
      .nullable(),
    followUp: z
      .object({
        rate: ShareView.describe(
          'Patients followed up, of these and those lost or proposed as lost, on the last day',
        ),
        lossProposed: z.int(),
        lost: z.int(),
        lossesRecorded: z.int().describe('In the period'),
      })
      .nullable(),
    patients: z
      .object(
        Object.fromEntries(MEASURES.map((name) => [name, z.string().optional()])) as Record<
          Measure,
          z.ZodOptional<z.ZodString>
        >,
      )
      .describe('For each count that is not 0: the call that lists what it counts'),
  })
  .meta({ id: 'AdherenceFigures' });

export const GaugeView = z
  .object({ percent: z.int(), figures: z.array(z.enum(['completion', 'followUp'])).max(2) })
  .describe('The share that registries ask for, and the figures for which they do');

export const GAUGE: z.output<typeof GaugeView> = {
  percent: GAUGE_PERCENT,
  figures: ['completion', 'followUp'],
};

export const AdherenceView = z
  .object({
    from: z.iso.date(),
    to: z.iso.date(),
    by: z.enum(DIMENSIONS),
    computed: z.enum(['now', 'nightly']),
    computedAt: z.iso.datetime().describe('The figures hold for this instant'),
    gauge: GaugeView,
    total: FiguresView,
    groups: z.array(FiguresView).max(MOST_GROUPS),
    groupsNotShown: z.int(),
    published: z
      .array(
        z.object({
          measure: z.string(),
          title: z.string(),
          activities: z.array(z.string()).max(20),
          ...{ percent: z.int(), low: z.int(), high: z.int(), source: z.string() },
          note: z.string(),
        }),
      )
      .max(10)
      .describe('Published figures for comparison. They are not figures of this hospital'),
  })
  .meta({ id: 'Adherence' });

export const BehindRow = z
  .object({
    patient: z.object({ id: z.uuid(), mrn: z.string() }),
    id: z.uuid().describe('Of the item, event, appointment, contact or patient that is counted'),
    date: z.iso.date().describe('The due date of an item; else the day of the exam, appointment or contact'),
    activity: z.string().nullable(),
    rule: z.string().nullable(),
    reason: z.string().nullable(),
    reasonText: z.string().nullable().describe('The reason in words'),
    completedOn: z.iso.date().nullable(),
  })
  .meta({ id: 'AdherencePatient' });

export function adherenceView(
  { period, by, computed, computedAt, figures, labels }: Adherence,
  language: Language,
  publishedNote: string,
): z.input<typeof AdherenceView> {
  const view = (key: string | null, of: Figures, isTotal: boolean): z.input<typeof FiguresView> =>
    figuresView(of, {
      ...{ key, label: isTotal ? null : labels(key, language) },
      language,
      hasPatientFacts: isTotal || sourcesBy(by).includes('patients'),
      link: linkTo(period, isTotal ? undefined : { by, key }),
    });
  return {
    ...{ ...period, by, computed, computedAt: computedAt.toISOString() },
    gauge: GAUGE,
    total: view(null, figures.total, true),
    groups: figures.groups.slice(0, MOST_GROUPS).map(({ key, figures: of }) => view(key, of, false)),
    groupsNotShown: Math.max(0, figures.groups.length - MOST_GROUPS),
    published: PUBLISHED_ADHERENCE.map(({ measure, title, activities, percent, low, high, source }) => ({
      ...{ measure, title: title[language], activities: [...activities], percent, low, high, source },
      note: publishedNote,
    })),
  };
}

interface Shown {
  readonly key: string | null;
  readonly label: string | null;
  readonly hasPatientFacts: boolean;
  readonly language: Language;
  readonly link: (measure: Measure) => string;
}

function figuresView(
  of: Figures,
  { key, label, hasPatientFacts, language, link }: Shown,
): z.input<typeof FiguresView> {
  const count = (measure: Measure): number => of.counts.get(measure) ?? 0;
  const shown = MEASURES.filter((measure) => count(measure) > 0);
  return {
    ...{ key, label, due: of.due, items: of.items, excused: of.excused },
    adherence: shareView(of.adherence),
    completion: shareView(of.completion),
    underTesting: shareView(of.underTesting),
    overTesting: shareView(of.overTesting),
    delayDays: of.delayDays && { ...of.delayDays },
    reasons: of.reasons
      .slice(0, 100)
      .map(({ reason, count: n }) => ({ reason, text: reasonText(reason, language), count: n })),
    ...(hasPatientFacts
      ? {
          visits: {
            noShows: shareView(noShows(of)),
            ...{
              cancelledByPatient: count('appointment_cancelled_by_patient'),
              cancelledByHospital: count('appointment_cancelled_by_hospital'),
            },
            withoutOutcome: count('appointment_open'),
          },
          contacts: {
            attemptsPerContact: shareView(attemptsPerContact(of)),
            callsPerContact: shareView(callsPerContact(of)),
          },
          followUp: {
            rate: shareView(followUp(of)),
            ...{ lossProposed: count('patient_loss_proposed'), lost: count('patient_lost') },
            lossesRecorded: lossesRecorded(of),
          },
        }
      : { visits: null, contacts: null, followUp: null }),
    patients: Object.fromEntries(shown.map((measure) => [measure, link(measure)])),
  };
}

/** The call that lists what a count of the period, or of one group in it, counts. */
const linkTo =
  ({ from, to }: Period, group: { readonly by: Dimension; readonly key: string | null } | undefined) =>
  (measure: Measure): string => {
    const query = new URLSearchParams({ from, to, measure });
    if (group) {
      query.set('by', group.by);
      query.set('group', group.key ?? NO_GROUP);
    }
    return `/api/v1/adherence/patients?${query.toString()}`;
  };

/** In the address, the group of facts without a value of the dimension. */
export const NO_GROUP = 'none';

/** Whether facts of this measure belong to groups of the dimension. */
export const isGrouped = (measure: Measure, by: Dimension): boolean =>
  sourcesBy(by).includes(sourceOf(measure));
