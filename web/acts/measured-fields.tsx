import { useQuery } from '@tanstack/react-query';
import { Refused } from '../calls/problem.js';
import { measurementsQuery } from '../calls/ward.js';
import { TextField } from '../parts/field.js';
import { useLanguage } from '../words/language.js';
import { valuesOf, type Written } from './measured-values.js';

/** One field for each value that exams of the activity measure, written as on the report: `<0.5`, `12.7`. */
export function MeasuredFields({
  activity,
  values,
  error,
  onValues,
}: {
  readonly activity: string;
  readonly values: Written;
  readonly error: unknown;
  readonly onValues: (values: Written) => void;
}) {
  const language = useLanguage();
  const measurements =
    useQuery(measurementsQuery).data?.items.filter((one) => one.activity === activity) ?? [];
  if (measurements.length === 0) return null;
  const sent = valuesOf(values, measurements).map(({ code }) => code);
  return (
    <div className="fields-row">
      {measurements.map(({ code, title, unit, referenceLimit }) => (
        <TextField
          key={code}
          label={`${title[language]} (${unit})`}
          help={`≤ ${referenceLimit.limit}`}
          maxLength={40}
          value={values[code] ?? ''}
          error={errorAt(error, sent.indexOf(code))}
          onValue={(value) => onValues({ ...values, [code]: value })}
        />
      ))}
    </div>
  );
}

/** What was refused about the value at this place of the request. */
const errorAt = (error: unknown, place: number): string | undefined =>
  error instanceof Refused && place >= 0
    ? error.problem.errors?.find(({ pointer }) => pointer.startsWith(`/values/${place}`))?.message
    : undefined;
