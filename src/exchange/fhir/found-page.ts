import type { FhirResource } from 'fhir/r4.js';

/** One page of a search. */
export interface FoundPage {
  readonly matches: readonly FhirResource[];
  readonly included: readonly FhirResource[];
  /** The cursor of the next page; null on the last one. A page can be shorter than asked for, even empty, and have a next. */
  readonly next: string | null;
}
