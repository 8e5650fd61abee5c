import type { Guideline, Measurement, Span } from './guideline.js';
import { msg } from './measurement-messages.js';
import { codeForm, MEASUREMENTS, unitForm, unitsOf } from './measurements.js';
import { fault, type GuidelineFault } from './period-check.js';

/** Problems of the measurements that a guideline declares: codes and units that are not distinct, reversed bounds. */
export function measurementProblems({
  measurements = {},
}: Pick<Guideline, 'measurements'>): GuidelineFault[] {
  return Object.entries(measurements).flatMap(([activity, declared]) => {
    const house = Object.hasOwn(MEASUREMENTS, activity) ? (MEASUREMENTS[activity] ?? []) : [];
    return declared.flatMap((measurement, index) => {
      const at = `/measurements/${activity}/${index}`;
      const before = [...house, ...declared.slice(0, index)].map(({ code }) => codeForm(code));
      const { code, plausible, referenceLimit } = measurement;
      return [
        ...(before.includes(codeForm(code))
          ? [fault(`${at}/code`, 'already-known', msg('declared-twice', { activity, code }))]
          : []),
        ...unitProblems(measurement, at),
        ...spanProblems(plausible, `${at}/plausible`),
        ...spanProblems(referenceLimit, `${at}/referenceLimit`),
        ...outside([referenceLimit.from, referenceLimit.to], plausible, `${at}/referenceLimit`),
        ...outside([referenceLimit.default], referenceLimit, `${at}/referenceLimit/default`),
      ];
    });
  });
}

function unitProblems(measurement: Measurement, at: string): GuidelineFault[] {
  const units = unitsOf(measurement).map(([unit]) => unit);
  const forms = units.map(unitForm);
  return units.flatMap((unit, index) =>
    forms.indexOf(forms[index] ?? '') < index
      ? [fault(`${at}/otherUnits`, 'unit-twice', msg('unit-declared-twice', { unit }))]
      : [],
  );
}

const spanProblems = ({ from, to }: Span, pointer: string): GuidelineFault[] =>
  from < to ? [] : [fault(pointer, 'range-upside-down', msg('span-upside-down', { from, to }))];

const outside = (values: readonly number[], { from, to }: Span, pointer: string): GuidelineFault[] =>
  values
    .filter((value) => value < from || value > to)
    .map((value) => fault(pointer, 'out-of-range', msg('outside-span', { value, from, to })));
