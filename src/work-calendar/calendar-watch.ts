import { Injectable } from '@nestjs/common';
import { msg } from '../platform/messages/dictionary.js';
import { Readiness } from '../platform/readiness.js';
import { HospitalScope, type HospitalTransaction } from '../tenancy/hospital-scope.js';
import { knownYears } from './calendar-rows.js';
import { refreshWorkCalendar } from './reminder-days.js';
import { yearOf } from './work-calendar.js';

/** From this month on the calendar of the next year should be there: it is announced in November. */
const ASKED_FROM_MONTH = 11;

/** The next year, if it is time for its public holidays and the hospital has none; null: nothing is missing. */
export async function missingYear(tx: HospitalTransaction): Promise<number | null> {
  const next = yearOf(tx.today) + 1;
  if (Number(tx.today.slice(5, 7)) < ASKED_FROM_MONTH) return null;
  return (await knownYears(tx)).has(next) ? null : next;
}

/** Keeps the reminders of a hospital in line with its calendar, and warns at `/health/ready` while a year is missing. */
@Injectable()
export class CalendarWatch {
  private readonly missing = new Map<string, number>();

  constructor(
    private readonly scope: HospitalScope,
    readiness: Readiness,
  ) {
    readiness.addWarning(() => {
      const [year] = this.missing.values();
      return year === undefined ? undefined : msg('work-calendar-year-missing', { year });
    });
  }

  /** Of the hospital in scope; before each sweep for its reminders. */
  async check(): Promise<void> {
    await this.scope.transaction(async (tx) => {
      await refreshWorkCalendar(tx);
      const year = await missingYear(tx);
      if (year === null) this.missing.delete(tx.hospital.id);
      else this.missing.set(tx.hospital.id, year);
    });
  }
}
