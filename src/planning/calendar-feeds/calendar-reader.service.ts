import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import pLimit from 'p-limit';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { DataSource } from 'typeorm';
import type { Language } from '../../guideline/guideline.js';
import { ServingProcesses } from '../../platform/database/serving-processes.js';
import { DomainError, tooMany } from '../../platform/domain-error.js';
import { msg, render } from '../../platform/messages/dictionary.js';
import { isWithin } from '../../platform/outbound/address-range.js';
import type { AuditedCall } from '../../tenancy/audit-entry.js';
import type { Caller, Role } from '../../tenancy/caller.js';
import { HospitalScope, type HospitalTransaction } from '../../tenancy/hospital-scope.js';
import { BOUNDED_LOOK_UP } from '../../tenancy/request-bounds.js';
import { mayCall, type Right, RIGHTS, seesIdentity } from '../../tenancy/rights.js';
import type { RevisedEntry } from './calendar-entries.js';
import { hashOfToken } from '../../tenancy/tokens.js';
import type { FeedFilter } from './feed-items.js';
import { MOST_ENTRIES, type RefreshedFeed, refreshed } from './feed-refresh.js';
import { writtenCalendar } from './icalendar.js';

interface FeedRow extends FeedFilter {
  readonly id: string;
  readonly hospitalId: string;
  readonly title: string;
  readonly names: boolean;
  readonly language: Language;
  readonly kind: 'person' | 'key';
  readonly ownerId: string;
  readonly ownerName: string;
  readonly roles: Role[];
  readonly scopes: string[] | null;
  readonly departments: string[] | null;
  readonly ownOnly: boolean;
  readonly addresses: string[] | null;
  readonly expiresAt: Date | null;
}

/** A calendar, or that the reader has it already. */
export interface ReadCalendar {
  readonly etag: string;
  /** Null: it is the one that `If-None-Match` names. */
  readonly body: string | null;
}

/** The right that a feed's owner needs each time that the feed is read. */
const NEEDED = RIGHTS['POST /calendar-feeds'] as Right;

/** Feeds that one process makes at a time: they have no hospital's share of the connections. */
const AT_ONCE = 2;

/** Of all processes. Programs ask every few hours; people who look at a change ask a few times a minute. */
const READS_A_MINUTE = 30;

/** Reads calendars by their secret address, with the rights that the owner has at that moment. */
@Injectable()
export class CalendarReader {
  private readonly turns = pLimit(AT_ONCE);
  private readonly reads = new RateLimiterMemory({ points: READS_A_MINUTE, duration: 60 });

  constructor(
    private readonly dataSource: DataSource,
    private readonly scope: HospitalScope,
    private readonly processes: ServingProcesses,
  ) {}

  /**
   * Refuses (404) an unknown token, and one whose owner may no longer see patients, from there or at all. Audited with
   * the patients whom it shows, when it shows any.
   */
  async read(token: string, audited: AuditedCall, ifNoneMatch: string | undefined): Promise<ReadCalendar> {
    const feed = await this.feedOf(token, audited.address ?? '');
    await this.refuseTooOften(feed);
    const caller = callerOf(feed);
    return this.turns(() =>
      this.scope.run(caller, async () => {
        const { body, patients } = await this.scope.unaudited((tx) => calendarOf(tx, feed));
        const etag = `"${createHash('sha256').update(body).digest('base64url')}"`;
        if (names(ifNoneMatch, etag)) return { etag, body: null };
        await this.scope.recordAlone(audited, { status: 200, patients });
        return { etag, body };
      }),
    );
  }

  private async feedOf(token: string, address: string): Promise<FeedRow> {
    const [feed] = await this.dataSource.query<FeedRow[]>(
      `SELECT id, hospital_id AS "hospitalId", title, person_id AS "personId", department, place, names, language, kind,
              owner_id AS "ownerId", owner_name AS "ownerName", roles, scopes, departments, own_only AS "ownOnly", addresses,
              expires_at AS "expiresAt"
         FROM use_calendar_feed(CASE WHEN ${BOUNDED_LOOK_UP} THEN $1::bytea END)`,
      [hashOfToken(token)],
    );
    const isOpen =
      feed !== undefined &&
      mayCall(callerOf(feed), NEEDED) &&
      (feed.addresses === null || isWithin(address, feed.addresses));
    if (!isOpen) throw new DomainError('not-found', 'no-such-calendar', msg('no-such-calendar'));
    return feed;
  }

  private async refuseTooOften({ id }: FeedRow): Promise<void> {
    this.reads.points = this.processes.partOf(READS_A_MINUTE);
    try {
      await this.reads.consume(id);
    } catch (rejected) {
      if (!(rejected instanceof RateLimiterRes)) throw rejected;
      const seconds = Math.max(1, Math.ceil(rejected.msBeforeNext / 1000));
      throw tooMany('calendar-too-often', msg('calendar-too-often'), seconds);
    }
  }
}

const callerOf = (feed: FeedRow): Caller => ({
  ...{ kind: feed.kind, id: feed.ownerId, name: feed.ownerName, hospitalId: feed.hospitalId },
  ...{ roles: feed.roles, scopes: feed.scopes, addresses: feed.addresses, expiresAt: feed.expiresAt },
  patientScope: { departments: feed.departments, ownOnly: feed.ownOnly },
});

/** Whether `If-None-Match` (RFC 9110, section 13.1.2) names the tag; a proxy that compresses makes it weak. */
const names = (ifNoneMatch: string | undefined, etag: string): boolean =>
  ifNoneMatch?.split(',').some((tag) => ['*', etag].includes(tag.trim().replace(/^W\//, ''))) ?? false;

async function calendarOf(
  tx: HospitalTransaction,
  feed: FeedRow,
): Promise<{ readonly body: string; readonly patients: readonly string[] }> {
  const { language } = feed;
  const context = {
    ...{ language, guideline: tx.hospital.guideline },
    names: feed.names && seesIdentity(tx.caller),
  };
  const { entries, cutAfter } = await refreshed(tx, feed, context);
  const description = render(aboutOf(cutAfter), language);
  const body = writtenCalendar({ name: feed.title, description }, entries.map(eventOf));
  return { body, patients: [...new Set(entries.map(({ patientId }) => patientId))] };
}

const aboutOf = (cutAfter: RefreshedFeed['cutAfter']) =>
  cutAfter === null
    ? msg('calendar-about')
    : msg('calendar-about-cut', { limit: MOST_ENTRIES, last: cutAfter });

const eventOf = ({ itemId, ...entry }: RevisedEntry) => ({ ...entry, uid: `item-${itemId}@nedwatch` });
