export type Unit = 'Y' | 'M' | 'W' | 'D';
export type PeriodParts = readonly (readonly [number, Unit])[];

/** The parts of an ISO 8601 period in their order: `P19M4W-1D` is 19 months, 4 weeks and -1 day. */
export const partsOf = (period: string): PeriodParts =>
  [...period.matchAll(/(-?\d+)([YMWD])/g)].map(([, number, unit]) => [Number(number), unit as Unit]);
