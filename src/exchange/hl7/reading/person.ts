import type { Hl7Message, Repetition, Segment } from '../../../interop/hl7v2/er7.js';
import { type Hl7Time, readTime } from '../../../interop/hl7v2/timestamp.js';

/** An identifier of a person (CX): the number, who gave it, and its type of table 0203 (`MR`, `PI`, `NI`, …). */
export interface Identifier {
  readonly value: string;
  readonly authority?: string;
  readonly type?: string;
}

export interface Name {
  readonly family?: string;
  readonly given?: string;
  readonly type?: string;
}

/** What PID says of a person. A field that is undefined was not sent; `cleared` names the fields sent as `""`. */
export interface PersonFacts {
  readonly identifiers: readonly Identifier[];
  /** PID-5: the first repetition, then the others, such as a Latin spelling. */
  readonly names: readonly Name[];
  readonly birthDate: Hl7Time | undefined;
  readonly sex: string | undefined;
  readonly phones: readonly string[];
  readonly deathTime: Hl7Time | undefined;
  /** PID-30. */
  readonly isDead: boolean;
  /** PID-35: what is no human is no patient. */
  readonly species: string | undefined;
  readonly cleared: readonly ('name' | 'birthDate' | 'sex' | 'phones')[];
}

const FIELDS = { name: 5, birthDate: 7, sex: 8, phones: 13 } as const;

export function readPerson(pid: Segment): PersonFacts {
  const cleared = Object.entries(FIELDS).filter(([, field]) => pid.isNull(field));
  return {
    identifiers: identifiersOf(pid),
    names: namesOf(pid, 5),
    birthDate: readTime(pid.text(7)),
    sex: pid.text(8),
    phones: pid.repetitions(13).flatMap((one) => phoneOf(one) ?? []),
    deathTime: readTime(pid.text(29)),
    isDead: pid.text(30) === 'Y',
    species: pid.text(35, 2) ?? pid.text(35),
    cleared: cleared.map(([name]) => name as keyof typeof FIELDS),
  };
}

/** All numbers of PID-3; of messages before v2.3, which have none there, those of PID-2 and PID-4. */
function identifiersOf(pid: Segment): Identifier[] {
  const listed = identifiersIn(pid, 3);
  return listed.length > 0 ? listed : [...identifiersIn(pid, 2), ...identifiersIn(pid, 4)];
}

function identifiersIn(segment: Segment, field: number): Identifier[] {
  return segment.repetitions(field).flatMap((one) => {
    const value = one.text(1);
    if (value === undefined) return [];
    return [{ value, ...given('authority', one.text(4, 1)), ...given('type', one.text(5)) }];
  });
}

function namesOf(segment: Segment, field: number): Name[] {
  return segment.repetitions(field).flatMap((one) => {
    const name = { ...given('family', one.text(1, 1)), ...given('given', one.text(2)) };
    return Object.keys(name).length === 0 ? [] : [{ ...name, ...given('type', one.text(7)) }];
  });
}

/** XTN: the number as one text, or in parts since v2.3: country, area, number. */
function phoneOf(telecom: Repetition): string | undefined {
  if (telecom.text(3) === 'Internet') return undefined;
  const parts = [telecom.text(5), telecom.text(6), telecom.text(7)].filter((part) => part !== undefined);
  return telecom.text(1) ?? telecom.text(12) ?? (parts.length === 0 ? undefined : parts.join(' '));
}

const given = <Key extends string>(key: Key, value: string | undefined): Partial<Record<Key, string>> =>
  value === undefined ? {} : ({ [key]: value } as Record<Key, string>);

/** A PID with the records that MRG puts into it. */
export interface MergeFacts {
  readonly survivor: PersonFacts;
  readonly prior: readonly Identifier[];
}

/** Each MRG with the PID before it (ADT A40 repeats the pair). */
export function readMerges(message: Hl7Message): MergeFacts[] {
  const merges: MergeFacts[] = [];
  let survivor: PersonFacts | undefined;
  for (const segment of message.segments) {
    if (segment.name === 'PID') survivor = readPerson(segment);
    if (segment.name === 'MRG' && survivor) merges.push({ survivor, prior: identifiersIn(segment, 1) });
  }
  return merges;
}

/** Which of the numbers is the hospital's own: one of the first type that occurs, else the first number if it may be. */
export function recordNumber(
  identifiers: readonly Identifier[],
  types: readonly string[] = ['MR', 'PI'],
  otherwiseFirst = true,
): string | undefined {
  for (const type of types) {
    const found = identifiers.find((one) => one.type === type);
    if (found) return found.value;
  }
  return otherwiseFirst ? identifiers[0]?.value : undefined;
}
