/** A code as a system sent it, in HL7 v2 or FHIR. */
export interface IncomingCode {
  readonly code?: string | undefined;
  readonly system?: string | undefined;
  readonly text?: string | undefined;
}

/** One value of an observation. */
export interface IncomingValue {
  readonly text?: string | undefined;
  /** Where the value is one number without a comparator. */
  readonly number?: number | undefined;
  readonly codes: readonly IncomingCode[];
}

export interface IncomingObservation {
  /** Its code, and the translations that were sent with it. */
  readonly codes: readonly IncomingCode[];
  /** False: a preliminary one, which decides nothing. */
  readonly isFinal: boolean;
  readonly values: readonly IncomingValue[];
}

/** A report of an examination, in whichever format it came. */
export interface IncomingReport {
  /** MSH-3, or meta.source of a FHIR resource. */
  readonly sender: string | undefined;
  readonly codes: readonly IncomingCode[];
  readonly observations: readonly IncomingObservation[];
}
