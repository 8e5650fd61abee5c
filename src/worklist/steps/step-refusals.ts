import { DateTime } from 'luxon';
import type { CalendarDate } from '../../guideline/calendar.js';
import type { Message } from '../../guideline/message.js';
import { DomainError } from '../../platform/domain-error.js';
import { permitsChange } from '../../platform/http/if-match.js';
import { msg } from '../../platform/messages/dictionary.js';
import { itemETag } from '../../schedules/item-etag.js';
import type { ItemRow } from '../../schedules/planned-row.js';
import type { HospitalTransaction } from '../../tenancy/hospital-scope.js';
import {
  mayTake,
  positionOn,
  possibleFrom,
  type StepKind,
  type Transition,
  transitionFor,
} from './item-transitions.js';
import { stepsSince } from './step-history.js';
import { itemAtWork, listed, positionText, possibleViews, stepText, stepView } from './step-views.js';

type Here = Pick<HospitalTransaction, 'today' | 'caller'>;

/**
 * The row of the table by which the caller takes the step. Refuses any other step, and lists what is possible instead: 403
 * `not-allowed` where the caller can never take the step, 409 `step-not-possible` where the item is not where it begins.
 */
export function transitionOf(step: StepKind, item: ItemRow, { today, caller }: Here): Transition {
  const position = positionOn(item, today);
  const found = transitionFor(step, position, caller.roles);
  if (found) return found;
  const possible = [...new Set(possibleFrom(position, caller.roles).map((one) => one.step))];
  const about = { step: stepText(step), position: positionText(position) };
  const isNever = !mayTake(step, caller.roles);
  const instead = (): Message => listed(possible.map(stepText));
  throw new DomainError(
    isNever ? 'forbidden' : 'conflict',
    isNever ? 'not-allowed' : 'step-not-possible',
    possible.length === 0
      ? msg('no-step-possible', about)
      : isNever
        ? msg('step-not-yours', { ...about, possible: instead() })
        : msg('step-not-possible', { ...about, possible: instead() }),
    [],
    (language) => ({
      itemId: item.id,
      item: itemAtWork(item, today),
      possible: possibleViews(position, caller.roles, language),
    }),
  );
}

/**
 * Refuses (412 `changed-meanwhile`) a change of an item that is no longer as the caller has read it. Says what people have
 * done about it since, and how it is now.
 */
export async function refuseChangedItem(
  tx: HospitalTransaction,
  item: ItemRow,
  ifMatch: string | undefined,
): Promise<void> {
  const etag = itemETag(item);
  if (permitsChange(ifMatch, etag)) return;
  const read = readETag(ifMatch ?? '');
  const since = read === null ? [] : await stepsSince(tx, item.id, read.steps);
  const isPlanChanged = read !== null && read.revision !== item.revision;
  const [newest] = since;
  const text = newest
    ? msg('changed-since-by', {
        step: stepText(newest.step),
        author: newest.undoneBy ?? newest.author,
        at: localMinute(newest.undoneAt ?? newest.takenAt, tx.hospital.timeZone),
      })
    : isPlanChanged
      ? msg('plan-changed-since')
      : msg('changed-since');
  throw new DomainError('precondition-failed', 'changed-meanwhile', text, [], (language) => ({
    itemId: item.id,
    etag,
    item: itemAtWork(item, tx.today),
    // Notes stay out: they are read with the history.
    changes: since.map((record) => stepView({ ...record, note: null }, language)),
    planChanged: isPlanChanged,
  }));
}

const localMinute = (at: Date, timeZone: string): string =>
  DateTime.fromJSDate(at, { zone: timeZone }).toFormat('yyyy-MM-dd HH:mm');

const ETAG = /^"(\d+)\.(\d+)\.\w+"$/;

function readETag(header: string): { readonly revision: number; readonly steps: number } | null {
  const [, revision, steps] = ETAG.exec(header.trim()) ?? [];
  return revision === undefined || steps === undefined
    ? null
    : { revision: Number(revision), steps: Number(steps) };
}

/** The newest examination of each of these activities that completed an item of the patient, by activity; one query. */
export async function lastDoneOf(
  { db, hospital }: Pick<HospitalTransaction, 'db' | 'hospital'>,
  patientId: string,
  activities: readonly string[],
): Promise<ReadonlyMap<string, CalendarDate>> {
  const rows = await db.query<{ activity: string; on: CalendarDate }[]>(
    `SELECT activity, max(completed_on) AS on FROM surveillance_item
      WHERE hospital_id = $1 AND patient_id = $2 AND activity = ANY ($3) AND state = 'completed' GROUP BY activity`,
    [hospital.id, patientId, activities],
  );
  return new Map(rows.map(({ activity, on }) => [activity, on]));
}
