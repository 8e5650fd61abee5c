import type { CompletionInput } from '../../src/schedules/completion-input.js';
import { Chance, digestOf } from './chance.js';
import type { WardAct } from './ward-acts.js';

export const DAY = 86_400_000;
export const HOUR = 3_600_000;

/** An item's dates and state from one commit on, as the simulation recorded them. */
export interface ItemState {
  readonly itemId: string;
  readonly patientId: string;
  readonly key: string;
  readonly activity: string;
  readonly state: 'active' | 'completed' | 'cancelled';
  readonly due: string;
  readonly overdue: string;
  readonly missedOn: string | null;
  readonly beforeEnrolment: boolean;
  readonly at: number;
  readonly step: number;
}

/** A nurse's planned entry, and its time. */
export type Deed = { readonly at: number; readonly mrn: string } & (
  | { readonly does: 'register' }
  | { readonly does: 'record'; readonly event: Readonly<Record<string, unknown>> }
  | { readonly does: 'void' }
  | { readonly does: 'complete'; readonly itemId: string; readonly key: string }
  | { readonly does: 'act'; readonly act: WardAct }
);

/** The hospital's calendar day, eight hours ahead of UTC all year. */
export const dayOf = (at: number): string => new Date(at + 8 * HOUR).toISOString().slice(0, 10);
const midnight = (day: string): number => Date.parse(`${day}T00:00:00+08:00`);

const CLOSING = ['death', 'death', 'lost_to_follow_up', 'transferred_out', 'consent_withdrawn'] as const;

/** The events of a patient's history apart from exams, and when each is entered. */
export function historyOf(mrn: string, seed: number, from: number, to: number): Deed[] {
  const chance = new Chance(digestOf(mrn, seed));
  const entered = from + chance.next() * (to - from) * 0.85;
  const deeds: Deed[] = [{ at: entered, mrn, does: 'register' }];
  const event = (
    days: number,
    type: string,
    fields: object = {},
    enteredAfter = chance.between(0, 20),
  ): void => {
    const date = dayOf(entered + days * DAY);
    deeds.push({
      ...{ at: entered + Math.max(0, days + enteredAfter) * DAY + 1000 * chance.between(1, 30_000) },
      ...{ mrn, does: 'record', event: { type, date, ...fields } },
    });
  };
  event(-chance.between(0, 200), 'primary_resection', {
    site: chance.of(['colon', 'rectum']),
    stage: chance.of(['I', 'II', 'III', 'IV']),
    intent: chance.is(0.95) ? 'curative' : 'palliative',
    preoperativeColonoscopy: chance.of(['complete', 'complete', 'incomplete']),
  });
  if (chance.is(0.3)) liverMetastases(event, chance);
  if (chance.is(0.1)) event(chance.between(30, 900), 'lynch_syndrome_confirmed');
  if (chance.is(0.1)) deeds.push({ at: entered + chance.between(40, 1500) * DAY, mrn, does: 'void' });
  // Half of them are followed for less than two and a half years, until they are lost to follow-up.
  event(Math.ceil(-Math.log(1 - chance.next()) * 1300), chance.of(CLOSING), {}, chance.between(0, 60));
  return deeds;
}

function liverMetastases(event: (days: number, type: string, fields?: object) => void, chance: Chance): void {
  let day = chance.between(0, 900);
  event(day, 'liver_metastasis_diagnosed');
  if (chance.is(0.4)) {
    event((day += chance.between(5, 40)), 'conversion_therapy_started', { mmr: chance.of(['pMMR', 'dMMR']) });
    if (chance.is(0.8)) event((day += chance.between(60, 250)), 'conversion_therapy_ended');
  }
  for (let again = chance.between(1, 3); again > 0; again--) {
    event((day += chance.between(20, 200)), 'liver_ned', {
      by: chance.of(['resection', 'ablation', 'sbrt']),
    });
    if (chance.is(0.6)) return;
    event((day += chance.between(60, 800)), 'recurrence', { site: chance.of(['liver', 'lung']) });
  }
}

/** When, if ever, the exam is done and entered, given the item's current dates. */
export function visitOf(
  item: ItemState,
  mrn: string,
  { seed, diligence }: { readonly seed: number; readonly diligence: number },
  now: number,
): Deed | undefined {
  if (item.state !== 'active' || item.beforeEnrolment) return undefined;
  const chance = new Chance(digestOf(`${mrn} ${item.key}`, seed));
  const fate = chance.weighed([
    [0.7 * diligence, 'in time'],
    [0.3 * diligence, 'late'],
    // A colonoscopy that is never done would be replanned each day: all are done eventually, except the very first
    // ones.
    [item.activity === 'colonoscopy' ? 0 : 1 - diligence, 'never'],
  ] as const);
  if (fate === 'never') return undefined;
  const day =
    fate === 'late'
      ? midnight(item.overdue) + chance.between(0, 60) * DAY
      : midnight(item.due) + chance.between(-10, 10) * DAY;
  const at = Math.max(day, now) + chance.between(8 * 60, 17 * 60) * 60_000;
  return { at, mrn, does: 'complete', itemId: item.itemId, key: item.key };
}

/** The result of the exam. */
export function findingOf({ key, mrn, at }: Deed & { does: 'complete' }, seed: number): CompletionInput {
  const chance = new Chance(digestOf(`finding ${mrn} ${key}`, seed));
  const found = chance.of(['normal', 'normal', 'normal', 'abnormal', 'incomplete'] as const);
  const outcome = key.includes('colonoscopy') ? { outcome: found } : {};
  return { date: dayOf(at), ...outcome } as CompletionInput;
}
