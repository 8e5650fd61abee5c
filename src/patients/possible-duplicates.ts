import { z } from 'zod';

// More patients with the same name, birth date and sex are an error in an import.
const MOST_SHOWN = 20;

/** Patients with the same name, birth date and sex who may be the same person. */
export interface PossibleDuplicates {
  readonly shown: readonly { readonly id: string; readonly mrn: string }[];
  /** The number of further patients, who exceed the limit or whom the caller may not see. */
  readonly notShown: number;
}

/** Those duplicates that are probably the same person, by MRN. */
export function possibleAmong(
  duplicates: readonly {
    readonly likeness: string;
    readonly existing: { readonly id: string; readonly mrn: string } | null;
  }[],
): PossibleDuplicates {
  const people = duplicates.filter(({ likeness }) => likeness === 'person');
  const shown = people
    .flatMap(({ existing }) => (existing ? [existing] : []))
    .sort((a, b) => (a.mrn < b.mrn ? -1 : 1))
    .slice(0, MOST_SHOWN);
  return { shown, notShown: people.length - shown.length };
}

/** The fields of an answer with possible duplicates. */
export const PossibleDuplicatesFields = {
  possibleDuplicates: z
    .array(z.object({ id: z.uuid(), mrn: z.string() }))
    .max(MOST_SHOWN)
    .describe('Patients of the same name, birth date and sex, who may be the same person'),
  possibleDuplicatesNotShown: z
    .int()
    .describe('The number of further ones, beyond the limit or not visible to the caller'),
};

export const possibleDuplicatesFields = ({ shown, notShown }: PossibleDuplicates) => ({
  possibleDuplicates: shown.map(({ id, mrn }) => ({ id, mrn })),
  possibleDuplicatesNotShown: notShown,
});
