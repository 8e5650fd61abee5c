import type { Measure } from '../calls/statistics.js';

/** Opens the patients behind a count: of one group, or of all. */
export type OpenBehind = (measure: Measure, group?: string | null) => void;

/** In the address, the group of facts without a value of the dimension. */
export const NO_GROUP = 'none';
