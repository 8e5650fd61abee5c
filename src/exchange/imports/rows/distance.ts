import { DistanceKm } from '../../../patients/patient-input.js';
import { tidied } from '../../../patients/folded.js';

/** A cell with kilometres from home to the hospital, as a whole number; undefined: it is none. */
export function readDistance(written: string): number | undefined {
  const [, digits] = /^(?:约)?(\d{1,6}(?:\.\d{1,3})?) ?(?:km|公里|千米)?$/iu.exec(tidied(written)) ?? [];
  return digits === undefined ? undefined : DistanceKm.safeParse(Math.round(Number(digits))).data;
}
