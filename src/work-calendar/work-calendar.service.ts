import { Injectable } from '@nestjs/common';
import { type CalendarDate, calendarDate } from '../guideline/calendar.js';
import { DomainError, invalid, notFound } from '../platform/domain-error.js';
import { msg } from '../platform/messages/dictionary.js';
import { HospitalScope, type HospitalTransaction } from '../tenancy/hospital-scope.js';
import { lockPolicy } from '../tenancy/policy-versions.js';
import type { DayInput, YearFile } from './calendar-schemas.js';
import { type CalendarYear, readYear, refuseChangedYear } from './calendar-year.js';
import { applyWorkCalendar } from './reminder-days.js';
import { yearOf } from './work-calendar.js';
import { faultsOfYear } from './year-file.js';

/** Days that a hospital can enter for one year. */
export const OWN_DAYS_AT_MOST = 200;

/** The working days of the hospital in scope. */
@Injectable()
export class WorkCalendarService {
  constructor(private readonly scope: HospitalScope) {}

  /** The year, by default the current one. */
  async year(year: number | undefined): Promise<CalendarYear> {
    return this.scope.transaction((tx) => readYear(tx, year ?? yearOf(tx.today)));
  }

  /** Enters or replaces a day of the hospital. Refuses (409 `too-many-calendar-days`) more than a year can have. */
  async enter(date: CalendarDate, { kind, name }: DayInput, ifMatch?: string): Promise<CalendarYear> {
    return this.changed(date, ifMatch, async (tx) => {
      await refuseTooMany(tx, date);
      await tx.db.query(
        `INSERT INTO work_calendar_day (hospital_id, day, kind, name, changed_by, changed_at)
         VALUES ($1, $2, $3, $4, $5, $6)
             ON CONFLICT (hospital_id, day)
             DO UPDATE SET kind = $3, name = $4, changed_by = $5, changed_at = $6`,
        [tx.hospital.id, date, kind, name, tx.caller.name, tx.now],
      );
      return msg('work-calendar-day-entered', { date, name });
    });
  }

  /** Removes a day that the hospital entered: the national or imported calendar counts again. */
  async remove(date: CalendarDate, ifMatch?: string): Promise<CalendarYear> {
    return this.changed(date, ifMatch, async (tx) => {
      const [, removed] = await tx.db.query<[unknown, number]>(
        'DELETE FROM work_calendar_day WHERE hospital_id = $1 AND day = $2',
        [tx.hospital.id, date],
      );
      if (removed === 0) throw notFound('calendar-day', date);
      return msg('work-calendar-day-removed', { date });
    });
  }

  /** Imports the public holidays of one year, and replaces an earlier import of it. Refuses (422) a file with any fault. */
  async import(file: YearFile, ifMatch?: string): Promise<CalendarYear> {
    const { year, papers } = file;
    const faults = faultsOfYear(file);
    if (faults.length > 0) throw invalid('invalid-input', msg('invalid-input'), faults);
    const days = file.days.map(({ date, name, isOffDay }) => ({
      ...{ date, name, kind: isOffDay ? 'holiday' : 'makeup_workday' },
    }));
    return this.changed(calendarDate(`${year}-01-01`), ifMatch, async (tx) => {
      await tx.db.query(
        `INSERT INTO work_calendar_year (hospital_id, year, papers, days, imported_by, imported_at)
         VALUES ($1, $2, $3, $4, $5, $6)
             ON CONFLICT (hospital_id, year)
             DO UPDATE SET papers = $3, days = $4, imported_by = $5, imported_at = $6`,
        [tx.hospital.id, year, papers, JSON.stringify(days), tx.caller.name, tx.now],
      );
      return msg('work-calendar-imported', { year });
    });
  }

  /** Makes a change, unless the year is not the one that `ifMatch` names, carries it over to the reminders, and returns the year of `date`. Changes are made one after the other. */
  private async changed(
    date: CalendarDate,
    ifMatch: string | undefined,
    change: (tx: HospitalTransaction) => Promise<ReturnType<typeof msg>>,
  ): Promise<CalendarYear> {
    return this.scope.transaction(async (tx) => {
      await lockPolicy(tx);
      await refuseChangedYear(tx, yearOf(date), ifMatch);
      const reason = await change(tx);
      await applyWorkCalendar(tx, { author: tx.caller.name, reason });
      return readYear(tx, yearOf(date));
    });
  }
}

async function refuseTooMany({ db, hospital }: HospitalTransaction, date: CalendarDate): Promise<void> {
  const year = yearOf(date);
  const [{ others }] = await db.query<[{ others: number }]>(
    `SELECT count(*)::integer AS others FROM work_calendar_day
      WHERE hospital_id = $1 AND day BETWEEN $2 AND $3 AND day <> $4`,
    [hospital.id, `${year}-01-01`, `${year}-12-31`, date],
  );
  if (others < OWN_DAYS_AT_MOST) return;
  const text = msg('too-many-calendar-days', { most: OWN_DAYS_AT_MOST, year });
  throw new DomainError('conflict', 'too-many-calendar-days', text);
}
