import type { Hl7Message, Segment } from '../../../interop/hl7v2/er7.js';
import { type Hl7Time, readTime } from '../../../interop/hl7v2/timestamp.js';
import { type Coded, readCoded } from './report.js';

/** A procedure (PR1) or a diagnosis (DG1) of a message. */
export interface CodedAct {
  readonly kind: 'procedure' | 'diagnosis';
  readonly coded: Coded;
  readonly at: Hl7Time | undefined;
  /** The sender's number of it: PR1-19, DG1-20. */
  readonly number: string | undefined;
  /** PR1-20, DG1-21: the sender deletes it. */
  readonly isDeleted: boolean;
}

const FIELDS = {
  PR1: { kind: 'procedure', number: 19, action: 20 },
  DG1: { kind: 'diagnosis', number: 20, action: 21 },
} as const;

/** In the order sent; those without a code are left out. */
export const readCodedActs = ({ segments }: Hl7Message): CodedAct[] =>
  segments.flatMap((segment) =>
    segment.name === 'PR1' || segment.name === 'DG1' ? actOf(segment, segment.name) : [],
  );

function actOf(segment: Segment, name: keyof typeof FIELDS): CodedAct[] {
  const { kind, number, action } = FIELDS[name];
  const coded = readCoded(segment.first(3));
  if (coded === undefined) return [];
  return [
    {
      ...{ kind, coded, at: readTime(segment.text(5)), number: segment.text(number) },
      isDeleted: segment.text(action) === 'D',
    },
  ];
}
