import { FREE_TEXT } from '../guideline/facts.js';
import type { HospitalTransaction } from '../tenancy/hospital-scope.js';
import { inTurns } from '../platform/turns.js';
import type { ClinicalEvent } from './clinical-event.entity.js';

const voidReasonOf = (row: string) => ({ table: 'clinical_event', column: 'void_reason', row });
const freeTextOf = (row: string) => ({ table: 'clinical_event', column: `detail.${FREE_TEXT.field}`, row });

const freeTextIn = ({ type, detail }: ClinicalEvent): string | null =>
  type === FREE_TEXT.event && typeof detail[FREE_TEXT.field] === 'string'
    ? String(detail[FREE_TEXT.field])
    : null;

type Within = Pick<HospitalTransaction, 'keys'>;

/** The events as they are stored: their free texts are sealed. */
export async function sealEvents(
  tx: Within,
  events: readonly ClinicalEvent[],
): Promise<readonly ClinicalEvent[]> {
  if (events.every((event) => freeTextIn(event) === null)) return events;
  const keys = await tx.keys();
  return inTurns(events, (event) => {
    const text = freeTextIn(event);
    return text === null
      ? event
      : { ...event, detail: { ...event.detail, [FREE_TEXT.field]: keys.seal(text, freeTextOf(event.id)) } };
  });
}

export async function sealVoidReason(tx: Within, eventId: string, reason: string): Promise<string> {
  return (await tx.keys()).seal(reason, voidReasonOf(eventId));
}

/** The stored events with their texts opened. */
export async function openEvents(
  tx: Within,
  stored: readonly ClinicalEvent[],
): Promise<readonly ClinicalEvent[]> {
  const texts = stored.flatMap((event) => [freeTextIn(event), event.voidReason]);
  if (texts.every((text) => text === null)) return stored;
  const keys = await tx.keys(texts);
  return inTurns(stored, (event) => {
    const { id, detail, voidReason } = event;
    const text = freeTextIn(event);
    return {
      ...event,
      detail: text === null ? detail : { ...detail, [FREE_TEXT.field]: keys.open(text, freeTextOf(id)) },
      voidReason: voidReason === null ? null : keys.open(voidReason, voidReasonOf(id)),
    };
  });
}
