/** A time as precise as it was sent, and with an offset only where one was sent (HL7 v2 DT and TS). */
export interface Hl7Time {
  /** ISO 8601: `2026`, `2026-11`, `2026-11-02`, `2026-11-02T08:30`, `2026-11-02T08:30:15.5+08:00`. */
  readonly text: string;
  /** The calendar date that was written, where it was written to the day. */
  readonly day: string | undefined;
}

const FORM = /^(\d{4})(\d{2})?(\d{2})?(\d{2})?(\d{2})?(\d{2})?(\.\d{1,4})?([+-]\d{4})?$/;

/** Undefined for what is no HL7 time: a date is never guessed from another form. */
export function readTime(text: string | undefined): Hl7Time | undefined {
  const [, year, month, day, hour, minute, second, fraction = '', offset] =
    FORM.exec(text?.trim() ?? '') ?? [];
  if (year === undefined) return undefined;
  const written = [year, month, day].filter((part) => part !== undefined).join('-');
  if (!isOnCalendar(year, month, day)) return undefined;
  if (
    [hour ?? '00', minute ?? '00', second ?? '00'].some(
      (part, place) => Number(part) > (place === 0 ? 23 : 59),
    )
  )
    return undefined;
  if (fraction !== '' && second === undefined) return undefined;
  if (hour !== undefined && minute === undefined) return undefined;
  const clock =
    hour === undefined ? '' : `T${hour}:${minute}${second === undefined ? '' : `:${second}${fraction}`}`;
  const zone = offset === undefined || hour === undefined ? '' : `${offset.slice(0, 3)}:${offset.slice(3)}`;
  return { text: `${written}${clock}${zone}`, day: day === undefined ? undefined : written };
}

function isOnCalendar(year: string, month = '01', day = '01'): boolean {
  const date = new Date(`${year}-${month}-${day}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().slice(8, 10) === day;
}
