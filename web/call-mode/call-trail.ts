/** What became of a call. */
export type CallResult =
  | { readonly kind: 'skipped' }
  | {
      readonly kind: 'recorded';
      readonly contactId: string;
      readonly text: string;
      readonly isReached: boolean;
      /** The patient is called again, by another number. */
      readonly isOpen?: boolean;
    };

/** A patient who was offered in this session. */
export interface Offered {
  readonly patientId: string;
  readonly name: string;
  readonly mrn: string;
  readonly result?: CallResult | undefined;
}

/** The patients of a session in the order in which they were offered. */
export interface Trail {
  readonly offered: readonly Offered[];
  /** The place of the patient who is shown; behind the last one: the next is awaited. */
  readonly at: number;
}

export const EMPTY_TRAIL: Trail = { offered: [], at: 0 };

export const currentOf = ({ offered, at }: Trail): Offered | undefined => offered[at];

export const isAtEnd = ({ offered, at }: Trail): boolean => at >= offered.length;

/** The next patient of the list. One who was offered before is shown again, not twice. */
export function append({ offered }: Trail, next: Offered): Trail {
  const place = offered.findIndex(({ patientId }) => patientId === next.patientId);
  if (place !== -1) return { offered, at: place };
  return { offered: [...offered, next], at: offered.length };
}

export const moveBy = ({ offered, at }: Trail, steps: 1 | -1): Trail => ({
  offered,
  at: Math.min(Math.max(at + steps, 0), offered.length),
});

export const moveTo = (trail: Trail, patientId: string): Trail => {
  const at = trail.offered.findIndex((one) => one.patientId === patientId);
  return at === -1 ? trail : { ...trail, at };
};

/** Undefined: what was recorded is taken back. */
export const withResult = (trail: Trail, patientId: string, result: CallResult | undefined): Trail => ({
  ...trail,
  offered: trail.offered.map((one) => (one.patientId === patientId ? { ...one, result } : one)),
});

/** Those who were skipped are offered again. */
export function withoutSkipped({ offered }: Trail): Trail {
  const kept = offered.filter(({ result }) => result?.kind === 'recorded');
  return { offered: kept, at: kept.length };
}

/** As many patients as one request can leave out. */
const MOST_LEFT_OUT = 100;

/** Whom the server must not offer again; those who were called today it leaves out itself. */
export const leftOut = ({ offered }: Trail): readonly string[] =>
  offered
    .filter(({ result }) => result?.kind !== 'recorded')
    .map(({ patientId }) => patientId)
    .slice(-MOST_LEFT_OUT);

export interface Tally {
  readonly called: number;
  readonly reached: number;
  readonly skipped: number;
}

export function tallyOf({ offered }: Trail): Tally {
  const results = offered.map(({ result }) => result);
  return {
    called: results.filter((result) => result?.kind === 'recorded').length,
    reached: results.filter((result) => result?.kind === 'recorded' && result.isReached).length,
    skipped: results.filter((result) => result?.kind === 'skipped').length,
  };
}
