import type { ResultSettings } from '../settings/result-settings.js';

const DAY_MS = 86_400_000;

/** SQL condition on `clinical_event`: a result without a reader. An index has these rows by `recorded_at` and `id`. */
export const IS_UNSEEN = 'result_of IS NOT NULL AND seen_at IS NULL AND voided_at IS NULL';

/** Results recorded at or before this instant are on the list of unseen results until a person has seen them. */
export const unseenSince = (now: Date, { unseenAfterDays }: Pick<ResultSettings, 'unseenAfterDays'>): Date =>
  new Date(now.getTime() - unseenAfterDays * DAY_MS);
