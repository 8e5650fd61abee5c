import { In } from 'typeorm';
import type { CalendarDate } from '../../guideline/calendar.js';
import { shownNames } from '../../patients/identity.js';
import { Patient } from '../../patients/patient.entity.js';
import { SurveillanceItem } from '../../schedules/surveillance-item.entity.js';
import type { HospitalTransaction } from '../../tenancy/hospital-scope.js';
import {
  type EntryContent,
  isForgotten,
  isShownOn,
  placeOf,
  type RevisedEntry,
  revised,
  type ShownEntry,
} from './calendar-entries.js';
import { contentOf, type EntryContext, type PatientOfEntry } from './entry-content.js';
import {
  type BookedAt,
  bookedAt,
  type FeedFilter,
  itemsOfFeed,
  patientsAmong,
  patientsOfFeed,
} from './feed-items.js';

/** Dates of one feed. A calendar of more is slow in the programs that subscribe. */
export const MOST_ENTRIES = 2000;

/** What the entries of a feed are made from. */
interface FeedSource {
  readonly items: readonly SurveillanceItem[];
  /** The items of the feed's days. */
  readonly picked: ReadonlySet<string>;
  /** The last day that is shown, where there are more entries than a feed has; null: all are shown. */
  readonly cutAfter: CalendarDate | null;
  readonly belongs: (item: SurveillanceItem) => boolean;
  readonly patients: ReadonlyMap<string, PatientOfEntry>;
  readonly booked: ReadonlyMap<string, BookedAt>;
}

export interface RefreshedFeed {
  readonly entries: readonly RevisedEntry[];
  readonly cutAfter: CalendarDate | null;
}

/** The entries of the feed as of now. Stores what they show, so that the next time says what has changed since. */
export async function refreshed(
  tx: HospitalTransaction,
  feed: FeedFilter & { readonly id: string },
  context: EntryContext,
): Promise<RefreshedFeed> {
  // Two readers of one feed take turns, so that each number is given once.
  await tx.db.query('SELECT FROM calendar_feed WHERE hospital_id = $1 AND id = $2 FOR UPDATE', [
    ...[tx.hospital.id, feed.id],
  ]);
  const shown = await shownEntries(tx, feed.id);
  const source = await sourceOf(tx, feed, [...shown.values()]);
  const entries: RevisedEntry[] = [];
  for (const item of source.items) {
    const before = shown.get(item.id);
    const content = entryOf(item, before, source, tx.today, context);
    if (content !== null) entries.push(revised(content, before, tx.now));
  }
  const kept = entries.filter((entry) => !isForgotten(entry, tx.now));
  await store(tx, feed.id, shown, kept);
  return {
    entries: kept.sort((a, b) => compare(a.day, b.day) || compare(a.itemId, b.itemId)),
    cutAfter: source.cutAfter,
  };
}

const compare = (a: string, b: string): number => (a < b ? -1 : Number(a > b));

/** Null: the entry leaves the feed without a trace, because its day is not among those that the feed shows. */
function entryOf(
  item: SurveillanceItem,
  before: ShownEntry | undefined,
  { picked, cutAfter, belongs, patients, booked }: FeedSource,
  today: CalendarDate,
  context: EntryContext,
): EntryContent | null {
  const patient = patients.get(item.patientId);
  if (patient === undefined) return null;
  const content = (place: Pick<EntryContent, 'day' | 'status'>): EntryContent =>
    contentOf(item, place, patient, booked.get(item.id), context);
  const place = placeOf(item, today);
  if (place !== null && picked.has(item.id)) return content(place);
  if (before === undefined) return null;
  if (place === null || !belongs(item)) return content({ day: before.day, status: 'CANCELLED' });
  if (!isShownOn(place.day, today) || (cutAfter !== null && place.day > cutAfter)) return null;
  return content(place);
}

async function sourceOf(
  tx: HospitalTransaction,
  feed: FeedFilter,
  shown: readonly ShownEntry[],
): Promise<FeedSource> {
  const { db, hospital } = tx;
  const among = await patientsOfFeed(tx, feed);
  const found = await itemsOfFeed(tx, feed, among, MOST_ENTRIES + 1);
  const dated = found.slice(0, MOST_ENTRIES);
  const ids = [...new Set([...dated.map(({ id }) => id), ...shown.map(({ itemId }) => itemId)])];
  const items = await db.findBy(SurveillanceItem, { hospitalId: hospital.id, id: In(ids) });
  const patientIds = [...new Set(items.map(({ patientId }) => patientId))];
  const patients = await db.findBy(Patient, { hospitalId: hospital.id, id: In(patientIds) });
  const names = await shownNames(tx, patients);
  const own = await patientsAmong(tx, among, patientIds);
  const booked = await bookedAt(tx, ids);
  const { place } = feed;
  return {
    items,
    picked: new Set(dated.map(({ id }) => id)),
    cutAfter: found.length > MOST_ENTRIES ? (dated.at(-1)?.day ?? null) : null,
    belongs: ({ id, patientId, state, step }) =>
      own.has(patientId) &&
      (place === null || state === 'completed' || step === 'attended' || booked.get(id)?.place === place),
    patients: new Map(patients.map(({ id, mrn }) => [id, { mrn, name: names.get(id) ?? null }])),
    booked,
  };
}

async function shownEntries(
  { db, hospital }: HospitalTransaction,
  feedId: string,
): Promise<ReadonlyMap<string, ShownEntry>> {
  const rows = await db.query<ShownEntry[]>(
    `SELECT item_id AS "itemId", patient_id AS "patientId", day, status, sequence, digest, created_at AS "createdAt",
            changed_at AS "changedAt"
       FROM calendar_entry WHERE hospital_id = $1 AND feed_id = $2`,
    [hospital.id, feedId],
  );
  return new Map(rows.map((row) => [row.itemId, row]));
}

/** Writes what has changed, and deletes what has left the feed. */
async function store(
  { db, hospital }: HospitalTransaction,
  feedId: string,
  shown: ReadonlyMap<string, ShownEntry>,
  entries: readonly RevisedEntry[],
): Promise<void> {
  const changed = entries.filter(({ itemId, sequence }) => shown.get(itemId)?.sequence !== sequence);
  if (changed.length > 0)
    await db.query(
      `INSERT INTO calendar_entry (hospital_id, feed_id, item_id, patient_id, sequence, day, status, digest, created_at, changed_at)
       SELECT $1, $2, n.* FROM unnest($3::uuid[], $4::uuid[], $5::integer[], $6::date[], $7::text[], $8::bytea[],
                                      $9::timestamptz[], $10::timestamptz[]) AS n
           ON CONFLICT (hospital_id, feed_id, item_id) DO UPDATE
          SET sequence = excluded.sequence, day = excluded.day, status = excluded.status, digest = excluded.digest,
              changed_at = excluded.changed_at`,
      [
        ...[
          hospital.id,
          feedId,
          changed.map(({ itemId }) => itemId),
          changed.map(({ patientId }) => patientId),
        ],
        ...[changed.map(({ sequence }) => sequence), changed.map(({ day }) => day)],
        ...[changed.map(({ status }) => status), changed.map(({ digest }) => digest)],
        ...[changed.map(({ createdAt }) => createdAt), changed.map(({ changedAt }) => changedAt)],
      ],
    );
  const kept = new Set(entries.map(({ itemId }) => itemId));
  const gone = [...shown.keys()].filter((itemId) => !kept.has(itemId));
  if (gone.length > 0)
    await db.query(
      'DELETE FROM calendar_entry WHERE hospital_id = $1 AND feed_id = $2 AND item_id = ANY ($3)',
      [hospital.id, feedId, gone],
    );
}
