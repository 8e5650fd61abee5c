import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useChange } from '../calls/change.js';
import { Failure } from '../calls/failure.js';
import { useInstant } from '../calls/instants.js';
import { useMe } from '../calls/me.js';
import { removeDay, type WorkCalendar, workCalendarQuery } from '../calls/planning-settings.js';
import { Busy } from '../parts/busy.js';
import { Button } from '../parts/button.js';
import { Chip } from '../parts/chip.js';
import { DataTable } from '../parts/data-table.js';
import { EmptyState } from '../parts/empty-state.js';
import { Notice } from '../parts/notice.js';
import { SectionHead } from '../parts/section-page.js';
import { writeAddress } from '../routing/address.js';
import { goTo, usePlace } from '../routing/place.js';
import { dayText } from '../words/dates.js';
import { useLanguage } from '../words/language.js';
import { useWords } from '../words/use-words.js';
import { administrationWords } from './administration-words.js';
import { DayDialog, ImportYearDialog } from './calendar-dialogs.js';
import { workWords } from './work-words.js';

const WORKING = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;

/** The year in the address: this one where there is none. */
function useYear(): readonly [year: number, go: (year: number) => void] {
  const thisYear = Number(useMe().hospital.today.slice(0, 4));
  const { year } = usePlace().parameters;
  const go = (next: number): void =>
    goTo(writeAddress('/administration/work-calendar', { year: next }), { replace: true });
  return [year !== undefined && /^20\d\d$/.test(year) ? Number(year) : thisYear, go];
}

/** Public holidays, make-up workdays, and the days on which the hospital is closed or works additionally. */
export default function WorkCalendarSection() {
  const frame = useWords(administrationWords);
  const words = useWords(workWords);
  const language = useLanguage();
  const [year, goToYear] = useYear();
  const mayChange = useMe().roles.some((role) => role === 'head_nurse' || role === 'hospital_admin');
  const { data, error, refetch } = useQuery(workCalendarQuery(year, language));
  const [dialog, setDialog] = useState<'day' | 'import'>();
  const calendar = data?.answer;
  return (
    <>
      <SectionHead title={`${frame['work-calendar']} ${year}`} intro={words.calendarIntro}>
        <Button aria-label={words.previousYear} onClick={() => goToYear(year - 1)}>
          ←
        </Button>
        <Button aria-label={words.nextYear} onClick={() => goToYear(year + 1)}>
          →
        </Button>
        {mayChange && (
          <>
            <Button kind="main" onClick={() => setDialog('day')}>
              {words.enterDay}
            </Button>
            <Button onClick={() => setDialog('import')}>{words.importTitle}</Button>
          </>
        )}
      </SectionHead>
      <Failure error={error} onRetry={() => void refetch()} />
      {calendar === undefined && !error && <Busy text={frame.loading} />}
      {calendar && <Year calendar={calendar} etag={data.etag} mayChange={mayChange} />}
      {dialog === 'day' && <DayDialog year={year} etag={data?.etag} onClose={() => setDialog(undefined)} />}
      {dialog === 'import' && <ImportYearDialog onClose={() => setDialog(undefined)} />}
    </>
  );
}

function Year({
  calendar,
  etag,
  mayChange,
}: {
  readonly calendar: WorkCalendar;
  readonly etag: string | undefined;
  readonly mayChange: boolean;
}) {
  const frame = useWords(administrationWords);
  const words = useWords(workWords);
  const language = useLanguage();
  const instant = useInstant();
  const removing = useChange((date: string) => removeDay(date, etag), {
    ...{ reads: [['work-calendar']], done: words.dayRemoved },
  });
  const { year, provisional, weekdays, days, importedAt, importedBy } = calendar;
  return (
    <>
      {provisional && <Notice tone="warning" title={words.provisional(year)} />}
      <p className="quiet">
        {words.weekdays}：
        {weekdays.map((day) => words.dayOf(words.days[WORKING[day - 1] ?? 'mon'])).join(' ')}
        {importedAt !== null && ` · ${words.imported(importedBy ?? '', instant(importedAt))}`}
      </p>
      <Failure error={removing.error} />
      {days.length === 0 ? (
        <EmptyState title={words.noDays} />
      ) : (
        <DataTable
          label={frame['work-calendar']}
          head={[words.day, words.dayName, words.kind, words.source, '']}
        >
          {days.map(({ date, kind, name, isWorkingDay, source }) => (
            <tr key={date}>
              <th scope="row">{dayText(date, language)}</th>
              <td>{name}</td>
              <td>
                <Chip tone={isWorkingDay ? 'active' : 'plain'}>{words.kinds[kind]}</Chip>{' '}
                <span className="quiet small">{isWorkingDay ? words.works : words.off}</span>
              </td>
              <td className="quiet">{words.sources[source]}</td>
              <td>
                {mayChange && source === 'hospital' && (
                  <Button onClick={() => removing.mutate(date)}>{frame.remove}</Button>
                )}
              </td>
            </tr>
          ))}
        </DataTable>
      )}
    </>
  );
}
