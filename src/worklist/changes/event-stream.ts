import { isInstant } from '../../platform/instant.js';
import { DomainError } from '../../platform/domain-error.js';
import { msg } from '../../platform/messages/dictionary.js';
import type { ChangePosition } from './recorded-changes.js';
import type { WorklistChange } from './worklist-changes.js';

/** A change as a stream sends it. */
export interface ShownChange extends WorklistChange {
  /** Of `presence`: who works on the patient's row now. */
  readonly workingNow?: readonly string[];
}

/** A comment, which keeps the connection open. */
export const HEARTBEAT = ':\n\n';

/** The stream has begun, and has sent everything that was missed. */
export const readyEvent = (position: ChangePosition): string =>
  `retry: 3000\n${eventOf('ready', {}, position)}`;

/** So much has changed, or it is so long ago, that the reader loads everything again. */
export const reloadEvent = (position: ChangePosition): string => eventOf('reload', {}, position);

export const changeEvent = (change: ShownChange, position: ChangePosition): string =>
  eventOf('change', change, position);

const eventOf = (type: string, data: object, position: ChangePosition): string =>
  `id: ${writtenPosition(position)}\nevent: ${type}\ndata: ${JSON.stringify(data)}\n\n`;

const writtenPosition = ({ at, event }: ChangePosition): string => `${at.toISOString()}_${event}`;

/** The position in `Last-Event-ID`; undefined: none is given. Refuses (400) a position that no stream has sent. */
export function readPosition(written: string | undefined): ChangePosition | undefined {
  if (written === undefined || written === '') return undefined;
  const [at = '', event = ''] = written.split('_');
  if (!isInstant(at) || !/^\d{1,15}$/.test(event))
    throw new DomainError('malformed', 'unknown-position', msg('unknown-position'));
  return { at: new Date(at), event: Number(event) };
}
