import { type Call, plainly } from './prepared-calls.js';

const YEAR = 'from=2026-01-01&to=2026-12-31';

/** The calls about statistics in `rights.ts`, in the same notation. */
export const STATISTICS_CALLS: Readonly<Record<string, Call>> = {
  'GET /adherence': plainly(`/adherence?${YEAR}&by=activity`),
  'GET /adherence/patients': plainly(`/adherence/patients?${YEAR}&measure=missed&limit=500`),
};
