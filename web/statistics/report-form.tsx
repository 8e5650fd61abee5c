import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type SyntheticEvent, useState } from 'react';
import { Failure } from '../calls/failure.js';
import { useToday } from '../calls/me.js';
import { errorOf } from '../calls/problem.js';
import { adherenceQuery, makeReport } from '../calls/statistics.js';
import { Button } from '../parts/button.js';
import { SelectField, TextField } from '../parts/field.js';
import { useToasts } from '../parts/toasts.js';
import { useLanguage } from '../words/language.js';
import { useWords } from '../words/use-words.js';
import { addMonths, periodOf } from './periods.js';
import { statisticsWords } from './statistics-words.js';

/** Makes a report of one month, of a department or the hospital. */
export function ReportForm() {
  const words = useWords(statisticsWords);
  const language = useLanguage();
  const today = useToday();
  const queries = useQueryClient();
  const toasts = useToasts();
  const thisMonth = today.slice(0, 7);
  const [month, setMonth] = useState(addMonths(thisMonth, -1));
  const [department, setDepartment] = useState('');
  const { data } = useQuery(adherenceQuery(periodOf('twelveMonths', today), 'department', language));
  const departments = (data?.groups ?? []).flatMap(({ key }) => key ?? []);
  const making = useMutation({
    mutationFn: () => makeReport(month, department === '' ? undefined : department),
    onSuccess: () => {
      toasts.show({ text: words.made(month) });
      return queries.invalidateQueries({ queryKey: ['inspection-reports'] });
    },
  });
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    making.mutate();
  };
  return (
    <form className="report-form" onSubmit={submit} aria-label={words.makeReport}>
      <TextField
        type="month"
        label={words.month}
        value={month}
        max={thisMonth}
        required
        help={month === thisMonth ? words.monthOpen : undefined}
        error={errorOf(making.error, 'month')}
        onValue={setMonth}
      />
      <SelectField
        label={words.department}
        value={department}
        options={[
          { value: '', text: words.wholeHospital },
          ...departments.map((name) => ({ value: name, text: name })),
        ]}
        error={errorOf(making.error, 'department')}
        onValue={setDepartment}
      />
      <Button kind="main" type="submit" busy={making.isPending}>
        {words.make}
      </Button>
      <Failure error={making.error} />
    </form>
  );
}
