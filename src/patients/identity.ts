import type { HospitalKeys } from '../encryption/hospital-keys.js';
import type { HospitalTransaction } from '../tenancy/hospital-scope.js';
import { seesIdentity } from '../tenancy/rights.js';
import { identityNumberForm } from './identity-number.js';
import type { Patient } from './patient.entity.js';
import { phoneForms } from './phone-number.js';

/** The identity of a patient in clear text. The database contains it sealed, and few parts of the program open it. */
export interface Identity {
  readonly name: string;
  readonly phone: string | null;
  readonly identityNumber: string | null;
}

/** The stored columns. */
export type SealedIdentity = Pick<
  Patient,
  'name' | 'phone' | 'identityNumber' | 'blindIndex' | 'identityIndex' | 'identityShared' | 'indexVersion'
>;

/** The version of the search terms' form. Terms of an older form are computed again. */
export const INDEX_VERSION = 2;

/** An identity to be sealed for the row `id`. */
export type IdentityOf = Identity & { readonly id: string } & Partial<Pick<Patient, 'identityShared'>>;

const COLUMNS = { name: 'name', phone: 'phone', identityNumber: 'identity_number' } as const;
type Part = keyof typeof COLUMNS;

const placeOf = (row: string, part: Part) => ({ table: 'patient', column: COLUMNS[part], row });

/** The fields by which a patient can be searched. */
export interface Wanted {
  readonly name?: string;
  readonly surname?: string;
  readonly phone?: string;
  readonly identityNumber?: string;
}

type Within = Pick<HospitalTransaction, 'keys'>;
type Stored = Pick<Patient, 'id' | Part>;

/** The identity of each patient, by id. */
export async function revealIdentities(
  tx: Within,
  patients: readonly Stored[],
): Promise<Map<string, Identity>> {
  const keys = await tx.keys(
    patients.flatMap(({ name, phone, identityNumber }) => [name, phone, identityNumber]),
  );
  const opened = (id: string, part: Part, value: string | null): string | null =>
    value === null ? null : keys.open(value, placeOf(id, part));
  return new Map(
    patients.map(({ id, name, phone, identityNumber }) => [
      id,
      {
        name: keys.open(name, placeOf(id, 'name')),
        phone: opened(id, 'phone', phone),
        identityNumber: opened(id, 'identityNumber', identityNumber),
      },
    ]),
  );
}

/** The identity of each patient, by id; empty for a caller without permission to see identities. */
export async function shownIdentities(
  tx: Within & Pick<HospitalTransaction, 'caller'>,
  patients: readonly Stored[],
): Promise<ReadonlyMap<string, Identity>> {
  return seesIdentity(tx.caller) ? revealIdentities(tx, patients) : new Map<string, Identity>();
}

/** The names alone, by patient id, for lists: opening each value takes time. Empty for a caller without permission. */
export async function shownNames(
  tx: Within & Pick<HospitalTransaction, 'caller'>,
  patients: readonly Pick<Patient, 'id' | 'name'>[],
): Promise<ReadonlyMap<string, string>> {
  const names = new Map<string, string>();
  if (!seesIdentity(tx.caller)) return names;
  const keys = await tx.keys(patients.map(({ name }) => name));
  for (const { id, name } of patients)
    if (!names.has(id)) names.set(id, keys.open(name, placeOf(id, 'name')));
  return names;
}

/** The columns to store for each identity, in the same order. */
export async function sealIdentities(
  tx: Within,
  identities: readonly IdentityOf[],
): Promise<SealedIdentity[]> {
  const keys = await tx.keys();
  return identities.map((identity) => sealedWith(keys, identity));
}

/** The search terms that a patient with all these values has. */
export async function termsOf(tx: Within, wanted: Wanted): Promise<Buffer[]> {
  const keys = await tx.keys();
  return Object.entries(wanted).flatMap(([kind, value]: [string, string | undefined]) =>
    value === undefined ? [] : termsFor(keys, kind as keyof Wanted, value).slice(0, 1),
  );
}

export function sealedWith(
  keys: HospitalKeys,
  { id, name, phone, identityNumber, identityShared = false }: IdentityOf,
): SealedIdentity {
  const sealed = (part: Part, value: string | null): string | null =>
    value === null ? null : keys.seal(value, placeOf(id, part));
  const terms = (kind: keyof Wanted, value: string | null): Buffer[] =>
    value === null ? [] : termsFor(keys, kind, value);
  const [identityIndex = null] = terms('identityNumber', identityNumber);
  return {
    name: keys.seal(name, placeOf(id, 'name')),
    phone: sealed('phone', phone),
    identityNumber: sealed('identityNumber', identityNumber),
    blindIndex: [
      ...terms('name', name),
      ...terms('surname', surnameOf(name)),
      ...terms('phone', phone),
      ...(identityIndex === null ? [] : [identityIndex]),
    ],
    identityIndex: identityShared ? null : identityIndex,
    identityShared: identityShared && identityIndex !== null,
    indexVersion: INDEX_VERSION,
  };
}

// Normalizes variants of writing: full-width letters, spaces, capitals, +86 before a number.
const nameForm = (text: string): string[] => [text.normalize('NFKC').replace(/\s/g, '').toLowerCase()];
const FORMS: Readonly<Record<keyof Wanted, (value: string) => readonly string[]>> = {
  name: nameForm,
  surname: nameForm,
  phone: phoneForms,
  identityNumber: (number) => [identityNumberForm(number)],
};

/** The blind index terms of a value: one for a name, one for each number in a phone field. */
export const termsFor = (keys: HospitalKeys, kind: keyof Wanted, value: string): Buffer[] =>
  FORMS[kind](value).map((form) => keys.blindIndex(kind, form));

const COMPOUND_SURNAMES =
  /^(?:欧阳|太史|端木|上官|司马|东方|独孤|南宫|万俟|闻人|夏侯|诸葛|尉迟|公羊|赫连|澹台|皇甫|宗政|濮阳|公冶|太叔|申屠|公孙|慕容|仲孙|钟离|长孙|宇文|司徒|鲜于|司空|闾丘|子车|亓官|司寇|巫马|公西|颛孙|壤驷|公良|漆雕|乐正|宰父|谷梁|拓跋|夹谷|轩辕|令狐|段干|百里|呼延|东郭|南门|羊舌|微生|公户|公玉|公仪|梁丘|公仲|公上|公门|公山|公坚|左丘|公伯|西门|公祖|第五|公乘|贯丘|公皙|南荣|东里|东宫|仲长|子书|子桑|即墨|达奚|褚师)/u;

/** The surname: of a Chinese name its first character or a compound surname, of others the last word. */
export function surnameOf(name: string): string {
  const trimmed = name.normalize('NFKC').trim();
  if (/^\p{Script=Han}/u.test(trimmed))
    return COMPOUND_SURNAMES.exec(trimmed)?.[0] ?? Array.from(trimmed)[0] ?? '';
  return trimmed.split(/\s+/).at(-1) ?? '';
}
