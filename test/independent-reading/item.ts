import type { Day } from './days.js';
import type { Profile } from './grid.js';
import type { Event } from './pathways.js';

/** The input of one patient's plan. */
export interface Situation {
  readonly events: readonly Event[];
  readonly profile: Profile;
  readonly liverImaging: 'ct' | 'mri';
  readonly enrolledOn: Day;
  readonly asOf: Day;
  readonly until: Day;
}

export interface Item {
  readonly rule: string;
  readonly activity: string;
  readonly covers: readonly string[];
  readonly earliest: Day;
  readonly due: Day;
  readonly overdue: Day;
  readonly status: string;
}
