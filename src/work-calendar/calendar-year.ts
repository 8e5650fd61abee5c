import { createHash } from 'node:crypto';
import { calendarDate } from '../guideline/calendar.js';
import type { Language } from '../guideline/guideline.js';
import { DomainError } from '../platform/domain-error.js';
import { permitsChange } from '../platform/http/if-match.js';
import { msg } from '../platform/messages/dictionary.js';
import type { HospitalTransaction } from '../tenancy/hospital-scope.js';
import { workCalendar } from './calendar-rows.js';
import type { CalendarView } from './calendar-schemas.js';
import type { WorkCalendar } from './work-calendar.js';

/** One year of the calendar, and the import that it comes from; null: it was not imported. */
export interface CalendarYear {
  readonly year: number;
  readonly calendar: WorkCalendar;
  readonly imported: {
    readonly papers: readonly string[];
    readonly by: string;
    readonly at: Date;
  } | null;
  /** Of the content, whatever the language. */
  readonly etag: string;
}

/** The year with the days of all sources. */
export async function readYear(tx: HospitalTransaction, year: number): Promise<CalendarYear> {
  const from = calendarDate(`${year}-01-01`);
  const calendar = await workCalendar(tx, { from, to: calendarDate(`${year}-12-31`) });
  const [imported] = await tx.db.query<NonNullable<CalendarYear['imported']>[]>(
    `SELECT papers, imported_by AS "by", imported_at AS "at" FROM work_calendar_year
      WHERE hospital_id = $1 AND year = $2`,
    [tx.hospital.id, year],
  );
  const content = JSON.stringify([calendar.workingWeekdays, calendar.specialDays(), imported ?? null]);
  const etag = `"${createHash('sha256').update(content).digest('base64url')}"`;
  return { year, calendar, imported: imported ?? null, etag };
}

/** Refuses (412 `changed-meanwhile`) a change that is based on another content of the year. */
export async function refuseChangedYear(
  tx: HospitalTransaction,
  year: number,
  ifMatch: string | undefined,
): Promise<void> {
  if (ifMatch === undefined) return;
  const current = await readYear(tx, year);
  if (permitsChange(ifMatch, current.etag)) return;
  const [changed] = await tx.db.query<{ by: string; at: Date }[]>(
    `SELECT changed_by AS "by", changed_at AS "at" FROM work_calendar_day
      WHERE hospital_id = $1 AND day BETWEEN $2 AND $3
     UNION ALL
     SELECT imported_by, imported_at FROM work_calendar_year WHERE hospital_id = $1 AND year = $4
      ORDER BY "at" DESC LIMIT 1`,
    [tx.hospital.id, `${year}-01-01`, `${year}-12-31`, year],
  );
  throw new DomainError(
    'precondition-failed',
    'changed-meanwhile',
    msg('changed-since-read'),
    [],
    (language) => ({
      changedBy: changed?.by ?? null, // null: what another person changed was removed again
      changedAt: changed?.at.toISOString() ?? null,
      etag: current.etag,
      current: viewOf(current, language),
    }),
  );
}

export const viewOf = ({ year, calendar, imported }: CalendarYear, language: Language): CalendarView => ({
  year,
  provisional: calendar.isProvisional(year),
  weekdays: [...calendar.workingWeekdays],
  days: calendar.specialDays().map(({ date, kind, name, source }) => ({
    ...{ date, kind, isWorkingDay: calendar.isWorkingDay(date), name: name[language], source },
  })),
  papers: [...(imported?.papers ?? [])],
  importedAt: imported?.at.toISOString() ?? null,
  importedBy: imported?.by ?? null,
});
