import { FREE_TEXT } from '../guideline/facts.js';
import type { HospitalTransaction } from '../tenancy/hospital-scope.js';
import type { HospitalKeys } from '../encryption/hospital-keys.js';
import { inTurns } from '../platform/turns.js';
import type { ClinicalEvent } from './clinical-event.entity.js';

/** The field of an exam that holds what people write about it. It is sealed as one JSON text. */
export const REPORT_FIELD = 'report';

const voidReasonOf = (row: string) => ({ table: 'clinical_event', column: 'void_reason', row });
const fieldOf = (field: string, row: string) => ({ table: 'clinical_event', column: `detail.${field}`, row });

const freeTextIn = ({ type, detail }: ClinicalEvent): string | null =>
  type === FREE_TEXT.event && typeof detail[FREE_TEXT.field] === 'string'
    ? String(detail[FREE_TEXT.field])
    : null;

const sealedReportIn = ({ detail }: ClinicalEvent): string | null => {
  const report = detail[REPORT_FIELD];
  return typeof report === 'string' ? report : null;
};

type Within = Pick<HospitalTransaction, 'keys'>;

/** The events as they are stored: their free texts are sealed. */
export async function sealEvents(
  tx: Within,
  events: readonly ClinicalEvent[],
): Promise<readonly ClinicalEvent[]> {
  const hasText = (event: ClinicalEvent): boolean =>
    freeTextIn(event) !== null || event.detail[REPORT_FIELD] !== undefined;
  if (!events.some(hasText)) return events;
  const keys = await tx.keys();
  return inTurns(events, (event) => (hasText(event) ? sealed(keys, event) : event));
}

function sealed(keys: HospitalKeys, event: ClinicalEvent): ClinicalEvent {
  const { id, detail } = event;
  const text = freeTextIn(event);
  const report = detail[REPORT_FIELD];
  return {
    ...event,
    detail: {
      ...detail,
      ...(text !== null && { [FREE_TEXT.field]: keys.seal(text, fieldOf(FREE_TEXT.field, id)) }),
      ...(report !== undefined && {
        [REPORT_FIELD]: keys.seal(JSON.stringify(report), fieldOf(REPORT_FIELD, id)),
      }),
    },
  };
}

export async function sealVoidReason(tx: Within, eventId: string, reason: string): Promise<string> {
  return (await tx.keys()).seal(reason, voidReasonOf(eventId));
}

/** The stored events with their texts opened. */
export async function openEvents(
  tx: Within,
  stored: readonly ClinicalEvent[],
): Promise<readonly ClinicalEvent[]> {
  const texts = stored.flatMap((event) => [freeTextIn(event), sealedReportIn(event), event.voidReason]);
  if (texts.every((text) => text === null)) return stored;
  const keys = await tx.keys(texts);
  return inTurns(stored, (event) => opened(keys, event));
}

function opened(keys: HospitalKeys, event: ClinicalEvent): ClinicalEvent {
  const { id, detail, voidReason } = event;
  const text = freeTextIn(event);
  const report = sealedReportIn(event);
  return {
    ...event,
    detail: {
      ...detail,
      ...(text !== null && { [FREE_TEXT.field]: keys.open(text, fieldOf(FREE_TEXT.field, id)) }),
      ...(report !== null && {
        [REPORT_FIELD]: JSON.parse(keys.open(report, fieldOf(REPORT_FIELD, id))) as unknown,
      }),
    },
    voidReason: voidReason === null ? null : keys.open(voidReason, voidReasonOf(id)),
  };
}
