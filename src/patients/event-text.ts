import type { HospitalTransaction } from '../tenancy/hospital-scope.js';
import { inTurns } from '../platform/turns.js';
import type { ClinicalEvent } from './clinical-event.entity.js';

const voidReasonOf = (row: string) => ({ table: 'clinical_event', column: 'void_reason', row });
const siteOf = (row: string) => ({ table: 'clinical_event', column: 'detail.site', row });

const siteIn = ({ type, detail }: ClinicalEvent): string | null =>
  type === 'recurrence' && typeof detail['site'] === 'string' ? detail['site'] : null;

type Within = Pick<HospitalTransaction, 'keys'>;

/** The events as they are stored: what people wrote in their own words is sealed. */
export async function sealEvents(
  tx: Within,
  events: readonly ClinicalEvent[],
): Promise<readonly ClinicalEvent[]> {
  if (events.every((event) => siteIn(event) === null)) return events;
  const keys = await tx.keys();
  return inTurns(events, (event) => {
    const site = siteIn(event);
    return site === null
      ? event
      : { ...event, detail: { ...event.detail, site: keys.seal(site, siteOf(event.id)) } };
  });
}

export async function sealVoidReason(tx: Within, eventId: string, reason: string): Promise<string> {
  return (await tx.keys()).seal(reason, voidReasonOf(eventId));
}

/** The stored events as they were told. */
export async function openEvents(
  tx: Within,
  stored: readonly ClinicalEvent[],
): Promise<readonly ClinicalEvent[]> {
  const texts = stored.flatMap((event) => [siteIn(event), event.voidReason]);
  if (texts.every((text) => text === null)) return stored;
  const keys = await tx.keys(texts);
  return inTurns(stored, (event) => {
    const { id, detail, voidReason } = event;
    const site = siteIn(event);
    return {
      ...event,
      detail: site === null ? detail : { ...detail, site: keys.open(site, siteOf(id)) },
      voidReason: voidReason === null ? null : keys.open(voidReason, voidReasonOf(id)),
    };
  });
}
