import type { Measurement } from '../calls/ward.js';

/** What was typed for each measured value, by its code. */
export type Written = Readonly<Record<string, string>>;

const HAS_UNIT = /[a-z]/i;

/** The values that were written, as the server takes them. The unit of the label counts, unless the text has one: `1.6 ng/mL`. */
export const valuesOf = (
  written: Written,
  measurements: readonly Pick<Measurement, 'code' | 'unit'>[],
): { code: string; value: string; unit?: string }[] =>
  Object.entries(written)
    .map(([code, value]) => ({ code, value: value.trim() }))
    .filter(({ value }) => value !== '')
    .map(({ code, value }) => {
      const unit = measurements.find((one) => one.code === code)?.unit;
      return { code, value, ...(unit !== undefined && !HAS_UNIT.test(value) && { unit }) };
    });
