import type { Identifier } from './resources.js';

/** The system of patient numbers in what this program writes, of whichever hospital. */
const OWN_SYSTEM = /^urn:nedwatch:hospital:[\da-f-]{36}:mrn$/;

export const isOwnSystem = (system: string | undefined): boolean => OWN_SYSTEM.test(system ?? '');

/** Which identifier is the hospital's number of a patient, as the mapping file of the hospital says. */
export interface NumberRule {
  /** Types of HL7 table 0203; the first that occurs counts. */
  readonly types: readonly string[];
  /** Only numbers of these systems; undefined: of any. */
  readonly authorities?: readonly string[] | undefined;
}

/** The identifier that is the hospital's number: of our own system, of the first type that occurs, or the only one. */
export function isNumberOfPatient(
  identifier: Identifier,
  all: readonly Identifier[],
  { types, authorities }: NumberRule,
): boolean {
  const inUse = all.filter(
    ({ value, use, system, period }) =>
      value !== undefined &&
      use !== 'old' &&
      period?.end === undefined &&
      (authorities === undefined || authorities.includes(system ?? '')),
  );
  const own = inUse.find(({ system }) => isOwnSystem(system));
  const typed = types.map((type) => inUse.find((one) => hasType(one, type))).find((one) => one !== undefined);
  return identifier === (own ?? typed ?? (inUse.length === 1 ? inUse[0] : undefined));
}

const hasType = ({ type }: Identifier, code: string): boolean =>
  type?.coding?.some((coding) => coding.code === code) === true;
