import { z } from 'zod';
import type { Language } from '../guideline/guideline.js';
import { issue } from '../platform/messages/issues.js';
import type { AdherenceMonths } from './adherence.service.js';
import { GAUGE, GaugeView, ShareView, shareView } from './adherence-schemas.js';
import { callsPerContact, type Figures, followUp, noShows } from './figures.js';
import { DIMENSIONS, sourcesBy } from './measures.js';

const MOST_MONTHS = 24;
const MOST_GROUPS = 500;

export const MonthsQuery = z.strictObject({
  to: z
    .string()
    .regex(/^(19|20|21)\d\d-(0[1-9]|1[0-2])$/, issue('month-form'))
    .describe('The last month, YYYY-MM'),
  months: z.coerce.number().int().min(1).max(MOST_MONTHS).default(12).describe('How many, with the last one'),
  by: z.enum(DIMENSIONS).default('activity'),
});

const MonthFigures = z.object({
  due: z.int(),
  adherence: ShareView,
  completion: ShareView,
  overTesting: ShareView,
  noShows: ShareView.nullable().describe('null in a group of one activity or rule, like the next two'),
  callsPerContact: ShareView.nullable(),
  followUp: ShareView.nullable(),
});

export const MonthsView = z
  .object({
    by: z.enum(DIMENSIONS),
    gauge: GaugeView,
    groups: z
      .array(z.object({ key: z.string().nullable(), label: z.string().nullable() }))
      .max(MOST_GROUPS)
      .describe('Those that occur in any of the months'),
    months: z
      .array(
        z.object({
          month: z.string().describe('YYYY-MM'),
          isOver: z.boolean().describe('false: items of the month may still be done'),
          computed: z.enum(['now', 'nightly']),
          computedAt: z.iso.datetime(),
          total: MonthFigures,
          groups: z.array(MonthFigures.extend({ key: z.string().nullable() })).max(MOST_GROUPS),
        }),
      )
      .max(MOST_MONTHS),
  })
  .meta({ id: 'AdherenceMonths', description: 'The shares of GET /adherence, month by month.' });

export function monthsView(
  { by, today, months, labels }: AdherenceMonths,
  language: Language,
): z.input<typeof MonthsView> {
  const hasPatientFacts = sourcesBy(by).includes('patients');
  const keys = [...new Set(months.flatMap(({ figures }) => figures.groups.map(({ key }) => key)))].slice(
    0,
    MOST_GROUPS,
  );
  return {
    by,
    gauge: GAUGE,
    groups: keys.map((key) => ({ key, label: labels(key, language) })),
    months: months.map(({ period, figures, computed, computedAt }) => ({
      ...{ month: period.from.slice(0, 7), isOver: today > period.to, computed },
      computedAt: computedAt.toISOString(),
      total: monthFigures(figures.total, true),
      groups: figures.groups
        .filter(({ key }) => keys.includes(key))
        .map(({ key, figures: of }) => ({ key, ...monthFigures(of, hasPatientFacts) })),
    })),
  };
}

const monthFigures = (of: Figures, hasPatientFacts: boolean): z.input<typeof MonthFigures> => ({
  due: of.due,
  adherence: shareView(of.adherence),
  completion: shareView(of.completion),
  overTesting: shareView(of.overTesting),
  noShows: hasPatientFacts ? shareView(noShows(of)) : null,
  callsPerContact: hasPatientFacts ? shareView(callsPerContact(of)) : null,
  followUp: hasPatientFacts ? shareView(followUp(of)) : null,
});
