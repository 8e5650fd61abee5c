import type { IncomingCode } from './incoming-facts.js';
import type { CodedEvent, MappedExam, Mapping } from './mapping-file.js';

/** The names of one code system in HL7 v2 (table 0396) and its URI in FHIR. */
const KNOWN_SYSTEMS: readonly (readonly string[])[] = [
  ['LN', 'http://loinc.org'],
  ['SCT', 'http://snomed.info/sct'],
  ['I10', 'ICD10', 'ICD-10', 'http://hl7.org/fhir/sid/icd-10'],
  ['I9C', 'ICD9', 'ICD-9-CM', 'ICD9CM3', 'http://hl7.org/fhir/sid/icd-9-cm'],
  ['UCUM', 'http://unitsofmeasure.org'],
];

interface CodedEntry {
  readonly sender?: string | undefined;
  readonly system?: string | undefined;
  readonly code: string;
}

/** The same text whatever width, case and blanks its characters have. */
export const wordForm = (word: string): string => word.normalize('NFKC').trim().toLowerCase();

const sameWord = (a: string, b: string): boolean => wordForm(a) === wordForm(b);

/** Whether two names mean one code system. */
export function sameSystem({ systems = {} }: Pick<Mapping, 'systems'>, a: string, b: string): boolean {
  if (sameWord(a, b)) return true;
  const named = Object.entries(systems).map(([name, others]) => [name, ...others]);
  return [...KNOWN_SYSTEMS, ...named].some(
    (names) => names.some((name) => sameWord(name, a)) && names.some((name) => sameWord(name, b)),
  );
}

/** Whether an entry of a table is about one of these codes. Codes compare exactly: case can carry meaning. */
const isAbout = (mapping: Mapping, entry: CodedEntry, codes: readonly IncomingCode[]): boolean =>
  codes.some(
    ({ code, system }) =>
      code === entry.code &&
      (entry.system === undefined || (system !== undefined && sameSystem(mapping, entry.system, system))),
  );

/** The entries for this sender and these codes. Entries that name the sender go before those for all senders. */
export function entriesFor<Entry extends CodedEntry>(
  mapping: Mapping,
  entries: readonly Entry[],
  { sender, codes }: { readonly sender: string | undefined; readonly codes: readonly IncomingCode[] },
): readonly Entry[] {
  const about = entries.filter((entry) => isAbout(mapping, entry, codes));
  const own = about.filter((entry) => entry.sender !== undefined && entry.sender === sender);
  return own.length > 0 ? own : about.filter((entry) => entry.sender === undefined);
}

interface Sent {
  readonly sender: string | undefined;
  readonly codes: readonly IncomingCode[];
}

/** The activities that the codes mean; none where no entry has them. */
export const activitiesFor = (mapping: Mapping, sent: Sent): readonly string[] => [
  ...new Set(entriesFor<MappedExam>(mapping, mapping.exams, sent).map(({ activity }) => activity)),
];

/** The measurement that the codes mean by the hospital's table. */
export const measurementFor = (mapping: Mapping, sent: Sent): string | undefined =>
  entriesFor(mapping, mapping.measurements, sent)[0]?.measurement;

/** The event that a procedure or a diagnosis is by the hospital's table; undefined where it is none. */
export const eventFor = (
  mapping: Mapping,
  kind: CodedEvent['kind'],
  sent: Sent,
): CodedEvent['event'] | undefined =>
  entriesFor(
    mapping,
    mapping.events.filter((entry) => entry.kind === kind),
    sent,
  )[0]?.event;
