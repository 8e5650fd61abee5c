import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useChange } from '../calls/change.js';
import { Failure } from '../calls/failure.js';
import { useMe } from '../calls/me.js';
import { capacitiesQuery, replaceCapacities } from '../calls/planning-settings.js';
import { isRefused } from '../calls/problem.js';
import { activitiesQuery } from '../calls/ward.js';
import { Busy } from '../parts/busy.js';
import { Button } from '../parts/button.js';
import { DataTable } from '../parts/data-table.js';
import { EmptyState } from '../parts/empty-state.js';
import type { Option } from '../parts/field.js';
import { SectionHead } from '../parts/section-page.js';
import { useLanguage } from '../words/language.js';
import { useWords } from '../words/use-words.js';
import { administrationWords } from './administration-words.js';
import { type CapacityRow, NEW_ROW, capacitiesOf, rowsOf, WEEKDAYS } from './capacity-rows.js';
import { workWords } from './work-words.js';

/** What the hospital and its places can do in a day, as a table that is saved as a whole. */
export default function CapacitiesSection() {
  const frame = useWords(administrationWords);
  const words = useWords(workWords);
  const language = useLanguage();
  const queries = useQueryClient();
  const mayChange = useMe().roles.some((role) => role === 'head_nurse' || role === 'hospital_admin');
  const { data, error } = useQuery({ ...capacitiesQuery, refetchOnWindowFocus: false });
  const activities = useQuery(activitiesQuery).data?.items ?? [];
  const [edited, setEdited] = useState<readonly CapacityRow[]>();
  const rows = edited ?? rowsOf(data?.answer.capacities ?? []);
  const saving = useChange(() => replaceCapacities(capacitiesOf(rows), data?.etag), {
    ...{ reads: [['capacities'], ['calendar']], done: frame.saved, onDone: () => setEdited(undefined) },
  });
  const options: readonly Option[] = [
    { value: '', text: words.allActivities },
    ...activities.map(({ code, title }) => ({ value: code, text: title[language] })),
  ];
  const put = (place: number, change: Partial<CapacityRow>): void =>
    setEdited(rows.map((row, index) => (index === place ? { ...row, ...change } : row)));
  return (
    <>
      <SectionHead title={frame.capacities} intro={words.capacitiesIntro} />
      <Failure error={error} />
      {data === undefined && !error && <Busy text={frame.loading} />}
      {data !== undefined && rows.length === 0 && <EmptyState title={words.noCapacities} />}
      {rows.length > 0 && (
        <DataTable
          label={frame.capacities}
          head={[words.place, words.activity, ...WEEKDAYS.map((day) => words.dayOf(words.days[day])), '']}
        >
          {rows.map((row, place) => (
            <CapacityFields
              key={place}
              row={row}
              activities={options}
              isDisabled={!mayChange}
              onChange={(change) => put(place, change)}
              onRemove={() => setEdited(rows.filter((_, index) => index !== place))}
            />
          ))}
        </DataTable>
      )}
      <Failure
        error={saving.error}
        {...(isRefused(saving.error, 'changed-meanwhile') && {
          onRetry: () => void queries.invalidateQueries({ queryKey: ['capacities'] }),
        })}
      />
      {mayChange && data !== undefined && (
        <div className="form-actions">
          <Button
            kind="main"
            busy={saving.isPending}
            disabled={edited === undefined}
            onClick={() => saving.mutate(undefined)}
          >
            {frame.save}
          </Button>
          <Button onClick={() => setEdited([...rows, NEW_ROW])}>{words.addRow}</Button>
          {edited !== undefined && (
            <>
              <Button kind="quiet" onClick={() => setEdited(undefined)}>
                {frame.cancel}
              </Button>
              <span className="quiet">{words.unsaved}</span>
            </>
          )}
        </div>
      )}
    </>
  );
}

function CapacityFields({
  row,
  activities,
  isDisabled,
  onChange,
  onRemove,
}: {
  readonly row: CapacityRow;
  readonly activities: readonly Option[];
  readonly isDisabled: boolean;
  readonly onChange: (change: Partial<CapacityRow>) => void;
  readonly onRemove: () => void;
}) {
  const frame = useWords(administrationWords);
  const words = useWords(workWords);
  return (
    <tr>
      <td>
        <input
          type="text"
          aria-label={words.place}
          placeholder={words.wholeHospital}
          maxLength={100}
          disabled={isDisabled}
          value={row.place}
          onChange={({ target }) => onChange({ place: target.value })}
        />
      </td>
      <td>
        <select
          aria-label={words.activity}
          disabled={isDisabled}
          value={row.activity}
          onChange={({ target }) => onChange({ activity: target.value })}
        >
          {activities.map(({ value, text }) => (
            <option key={value} value={value}>
              {text}
            </option>
          ))}
        </select>
      </td>
      {WEEKDAYS.map((day, place) => (
        <td key={day}>
          <input
            type="number"
            aria-label={words.dayOf(words.days[day])}
            min={0}
            max={10_000}
            disabled={isDisabled}
            value={row.perWeekday[place] ?? ''}
            onChange={({ target }) =>
              onChange({
                perWeekday: row.perWeekday.map((one, index) => (index === place ? target.value : one)),
              })
            }
          />
        </td>
      ))}
      <td>{!isDisabled && <Button onClick={onRemove}>{frame.remove}</Button>}</td>
    </tr>
  );
}
