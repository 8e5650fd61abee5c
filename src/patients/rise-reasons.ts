import { isDeepStrictEqual } from 'node:util';
import type { CalendarDate } from '../guideline/calendar.js';
import type { ReviewReason, RiseReason } from '../guideline/review-reasons.js';
import { laboratoryOf, type MeasuringContext, valuesOf } from '../guideline/measured-exam.js';
import { measurementsOf } from '../guideline/measurements.js';
import { activityRecorded } from '../guideline/recorded-exam.js';
import { type AppliedLimit, limitFor, limitsOfLaboratory } from '../guideline/reference-limits.js';
import { DEFAULT_RISE_RULE, risesIn, type SeriesValue } from '../guideline/rises.js';
import type { HospitalTransaction } from '../tenancy/hospital-scope.js';
import type { ClinicalEvent } from './clinical-event.entity.js';
import { factOf } from './recorded-events.js';

type Hospital = HospitalTransaction['hospital'];

/** A value of a series, and the limit that holds for it. */
interface SeriesPoint extends SeriesValue, AppliedLimit {
  readonly code: string;
}

/**
 * The events from `since` on whose reasons for a review have to change because values have risen or have not, with their new reasons;
 * `events` are all active events of the patient. What a clinician has judged keeps its reasons, and so does the
 * history that was imported. A value above its limit has a reason already.
 */
export function withRiseReasons(
  hospital: Hospital,
  events: readonly ClinicalEvent[],
  since: CalendarDate,
): ClinicalEvent[] {
  const points = events.flatMap((event) => pointsOf(event, hospital));
  const rises = risesBy(points, hospital);
  return events.flatMap((event) => {
    if (event.date < since || event.resultOf === null || event.judgedAt !== null) return [];
    const toJudge = reasonsWith(event.toJudge ?? [], rises.get(event.id) ?? []);
    const reasons = toJudge.length > 0 ? toJudge : null;
    return isDeepStrictEqual(reasons, event.toJudge) ? [] : [{ ...event, toJudge: reasons }];
  });
}

function reasonsWith(before: readonly ReviewReason[], rises: readonly RiseReason[]): ReviewReason[] {
  const others = before.filter(({ because }) => because !== 'rise');
  const isAbove = (code: string): boolean =>
    others.some((reason) => reason.because === undefined && reason.code === code);
  return [...others, ...rises.filter(({ code }) => !isAbove(code))];
}

function risesBy(
  points: readonly SeriesPoint[],
  { policy }: Hospital,
): ReadonlyMap<string, readonly RiseReason[]> {
  const byEvent = new Map<string, RiseReason[]>();
  for (const code of new Set(points.map((point) => point.code))) {
    const series = points.filter((point) => point.code === code);
    for (const { eventId, rise, from } of risesIn(series, policy.rises ?? DEFAULT_RISE_RULE)) {
      const point = series.find((one) => one.eventId === eventId);
      if (point === undefined) continue;
      const { limit, limitOf } = point;
      const reason: RiseReason = { because: 'rise', code, limit, limitOf, rise, from };
      byEvent.set(eventId, [...(byEvent.get(eventId) ?? []), reason]);
    }
  }
  return byEvent;
}

function pointsOf(event: ClinicalEvent, { policy, ...hospital }: Hospital): SeriesPoint[] {
  const guideline: MeasuringContext['guideline'] = hospital.guideline ?? {};
  const values = valuesOf(event.detail);
  if (values.length === 0) return [];
  const measurements = measurementsOf(activityRecorded(factOf(event), guideline) ?? event.type, guideline);
  const limits = {
    laboratory: limitsOfLaboratory(laboratoryOf(event.detail), policy.laboratoryLimits ?? {}),
    hospital: policy.referenceLimits ?? {},
  };
  return values.flatMap((value) => {
    // An older version stored values in units that cannot be compared.
    if (!measurements.some(({ code, unit }) => code === value.code && unit === value.unit)) return [];
    const applied = limitFor(value, measurements, limits);
    const { code, comparator } = value;
    return [{ eventId: event.id, date: event.date, code, value: value.value, comparator, ...applied }];
  });
}
