import { z } from 'zod';

/** What a hospital decides for itself; anything it does not say has the default written here. */
export const HospitalPolicy = z.object({
  guideline: z.string().default('crlm-cn-2025'),
  profile: z.enum(['intensive', 'minimal']).default('intensive'),
  liverImaging: z.enum(['ct', 'mri']).default('ct'),
  reminders: z
    .object({
      /** Days before the due date on which `upcoming` is sent. */
      leadDays: z.int().min(0).max(90).default(14),
      /** Wall-clock time at the hospital from which a day's reminders leave. */
      time: z
        .string()
        .regex(/^([01]\d|2[0-3]):[0-5]\d$/)
        .default('08:00'),
    })
    .prefault({}),
});
export type HospitalPolicy = z.output<typeof HospitalPolicy>;

export const DEFAULT_POLICY: HospitalPolicy = HospitalPolicy.parse({});
