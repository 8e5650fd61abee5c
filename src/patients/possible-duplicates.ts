import { z } from 'zod';

// A patient with more namesakes of one birth date and sex is an error in a list, not a twin.
const MOST_SHOWN = 20;

/** Recorded patients with the same name, birth date and sex, without evidence that they are other people. */
export interface PossibleDuplicates {
  readonly shown: readonly { readonly id: string; readonly mrn: string }[];
  /** The number of further ones that the caller does not see, or that exceed the limit. */
  readonly notShown: number;
}

/** The duplicates that are probably the same person, by mrn. */
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

/** The part of an answer about them. */
export const PossibleDuplicatesFields = {
  possibleDuplicates: z
    .array(z.object({ id: z.uuid(), mrn: z.string() }))
    .max(MOST_SHOWN)
    .describe('Patients of the same name, birth date and sex, who may be the same person'),
  possibleDuplicatesNotShown: z.int().describe('How many more there are, whom the caller may not see'),
};

export const possibleDuplicatesFields = ({ shown, notShown }: PossibleDuplicates) => ({
  possibleDuplicates: shown.map(({ id, mrn }) => ({ id, mrn })),
  possibleDuplicatesNotShown: notShown,
});
