import { z } from 'zod';
import { ITEM_OUTCOMES, type ItemOutcome } from './item-outcome.js';

const ShareView = z.object({ numerator: z.int(), denominator: z.int() });

/** Beside the gauge. */
const GaugedView = ShareView.extend({
  met: z.boolean().nullable().describe('Whether the share reaches the gauge; null: nothing is to be judged'),
});

const RatesView = z.object({
  due: z.int().describe('Items that fell due in the month'),
  items: z.object(
    Object.fromEntries(ITEM_OUTCOMES.map((name) => [name, z.int()])) as Record<ItemOutcome, z.ZodInt>,
  ),
  excused: z.int(),
  adherence: ShareView,
  completion: ShareView,
  underTesting: ShareView,
  overTesting: ShareView,
  delayDays: z.object({ lowerQuartile: z.int(), median: z.int(), upperQuartile: z.int() }).nullable(),
  reasons: z.array(z.object({ reason: z.string(), count: z.int() })).max(200),
});

/** The frozen figures. Each word means what it means in GET /adherence. */
export const ReportContentView = z
  .object({
    from: z.iso.date(),
    to: z.iso.date(),
    hospital: z.string(),
    asOf: z.iso.date().describe('The figures hold for this day'),
    monthIsOver: z.boolean(),
    gauge: z.object({
      percent: z.int(),
      completion: GaugedView.describe('Done, of what is judged'),
      followUp: GaugedView.describe('Patients followed up, of these and those lost or proposed as lost'),
    }),
    total: RatesView,
    activities: z
      .array(RatesView.extend({ activity: z.string(), title: z.object({ zh: z.string(), en: z.string() }) }))
      .max(500),
    noShows: ShareView,
    callsPerContact: ShareView,
    attemptsPerContact: ShareView,
    patients: z.object({ followed: z.int(), lossProposed: z.int(), lost: z.int() }),
    lossesRecorded: z.int(),
  })
  .meta({ id: 'InspectionReportContent' });
