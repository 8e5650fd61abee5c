/**
 * Calls that read many patients of a hospital for one answer. They are done at a standby where there is one, so a call in this
 * list must not write. The worklist, its files and the pages of a patient are not here: nurses act on them at once, and each
 * reads few rows.
 */
export const HEAVY_READS: readonly string[] = [
  'GET /adherence',
  'GET /adherence/months',
  'GET /audit-events',
  'GET /exports/adherence.csv',
  'GET /exports/adherence.xlsx',
  'GET /exports/audit-events.csv',
  'GET /exports/research-dates.csv',
  'GET /exports/research-dates.xlsx',
  'GET /forecast',
  'GET /research-dates',
];
