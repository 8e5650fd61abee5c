import { createHash } from 'node:crypto';
import type { Guideline } from '../../../guideline/guideline.js';

type Named = Pick<Guideline, 'id' | 'version'>;

/** The address of a guideline as a PlanDefinition; the same for every version. */
export const planUrl = ({ id }: Named): string => `urn:nedwatch:guideline:${id}`;

/** The guideline in this version, as a canonical reference. */
export const planCanonical = (guideline: Named): string => `${planUrl(guideline)}|${guideline.version}`;

/** The address of an activity under a guideline as an ActivityDefinition. */
export const activityUrl = ({ id }: Named, activity: string): string =>
  `urn:nedwatch:guideline:${id}:${activity}`;

export const activityCanonical = (guideline: Named, activity: string): string =>
  `${activityUrl(guideline, activity)}|${guideline.version}`;

const LONGEST_ID = 64;

/** An id of FHIR of these words; where they are too long or have other characters, a digest makes it unique. */
export function resourceId(...words: readonly string[]): string {
  const plain = words.join('-').replace(/_/g, '-');
  if (/^[A-Za-z0-9\-.]+$/.test(plain) && plain.length <= LONGEST_ID) return plain;
  const digest = createHash('sha256').update(JSON.stringify(words)).digest('hex').slice(0, 20);
  return `${plain.replace(/[^A-Za-z0-9\-.]/g, '-').slice(0, LONGEST_ID - 21)}-${digest}`;
}
