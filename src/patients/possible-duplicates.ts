import { z } from 'zod';

// Who has more namesakes of one birth date and sex has a slip in a list, and no twin.
const MOST_SHOWN = 20;

/** Recorded patients of the same name, birth date and sex, of whom nothing says that they are other people. */
export interface PossibleDuplicates {
  readonly shown: readonly { readonly id: string; readonly mrn: string }[];
  /** How many more there are, whom the caller does not see, or who are too many to name. */
  readonly notShown: number;
}

/** Those among the duplicates who are probably the same person, by mrn. */
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

/** What an answer says of them besides the patient. */
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
