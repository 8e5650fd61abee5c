import { Injectable } from '@nestjs/common';
import { HospitalScope } from '../tenancy/hospital-scope.js';
import type { Measurement } from '../guideline/guideline.js';
import { allMeasurements, COMPARATORS } from '../guideline/measurements.js';

/** What exams of one activity measure, with the limit that holds in the hospital. */
export interface HospitalMeasurement extends Required<Omit<Measurement, 'referenceLimit'>> {
  readonly activity: string;
  readonly referenceLimit: {
    readonly limit: number;
    readonly limitOf: 'hospital' | 'default';
    readonly from: number;
    readonly to: number;
  };
}

/** What exams measure, by the guideline and the limits that the hospital follows. */
@Injectable()
export class MeasurementsService {
  constructor(private readonly scope: HospitalScope) {}

  async list(): Promise<HospitalMeasurement[]> {
    return this.scope.transaction(({ hospital: { policy, guideline = {} } }) => {
      const limits = policy.referenceLimits ?? {};
      const all = Object.entries(allMeasurements(guideline)).flatMap(([activity, measurements]) =>
        measurements.map((one) => inHospital(activity, one, limits)),
      );
      return Promise.resolve(all);
    });
  }
}

function inHospital(
  activity: string,
  measurement: Measurement,
  limits: Readonly<Record<string, number>>,
): HospitalMeasurement {
  const { default: usual, from, to } = measurement.referenceLimit;
  const chosen = limits[measurement.code];
  const limit = { limit: chosen ?? usual, limitOf: chosen === undefined ? 'default' : 'hospital' } as const;
  return {
    ...{ activity, otherUnits: {}, comparators: COMPARATORS },
    ...measurement,
    referenceLimit: { ...limit, from, to },
  };
}
