import type { CodeableConcept, Coding } from 'fhir/r4.js';

/** The code systems in which resources are coded. */
export const SYSTEMS = {
  loinc: 'http://loinc.org',
  snomed: 'http://snomed.info/sct',
  icd10: 'http://hl7.org/fhir/sid/icd-10',
  ucum: 'http://unitsofmeasure.org',
} as const;

/** A code of a published system, as its source has it. */
export interface PublishedCode {
  readonly system: keyof typeof SYSTEMS;
  readonly code: string;
  readonly display: string;
  /** Where number and name were read. */
  readonly source: string;
}

const code = (
  system: PublishedCode['system'],
  number: string,
  display: string,
  source: string,
): PublishedCode => ({ system, code: number, display, source });

const MCODE = 'mCODE STU 4, Tumor Marker Test Value Set';
const RADIOLOGY = 'LOINC/RSNA radiology playbook names';
const WHO = 'WHO, ICD-10, version 2019';

/**
 * Every published code that the program emits. Public repositories are full of invented codes: a number gets here with a
 * source, and a test computes its check digit again. The hospital's own words (`urn:nedwatch:…`) need no row.
 */
export const PUBLISHED_CODES: readonly PublishedCode[] = [
  code('loinc', '2039-6', 'Carcinoembryonic Ag [Mass/volume] in Serum or Plasma', MCODE),
  code('loinc', '24108-3', 'Cancer Ag 19-9 [Units/volume] in Serum or Plasma', MCODE),
  code('loinc', '34117-2', 'History and physical note', 'LOINC document ontology'),
  code('loinc', '28614-6', 'US Liver', RADIOLOGY),
  code('loinc', '72254-6', 'CT Chest and Abdomen and Pelvis W contrast IV', RADIOLOGY),
  code('loinc', '36813-4', 'CT Abdomen and Pelvis W contrast IV', RADIOLOGY),
  code('loinc', '30670-4', 'MR Liver WO and W contrast IV', RADIOLOGY),
  code('loinc', '18746-8', 'Colonoscopy study', 'LOINC document ontology'),
  code('loinc', '59284-0', 'Patient Consent', 'HL7 FHIR R4, Consent.category'),
  code('icd10', 'C18.9', 'Malignant neoplasm: Colon, unspecified', WHO),
  code('icd10', 'C20', 'Malignant neoplasm of rectum', WHO),
  code('icd10', 'C78.7', 'Secondary malignant neoplasm of liver and intrahepatic bile duct', WHO),
  code('snomed', '73761001', 'Colonoscopy', 'HL7 FHIR R4, Procedure examples'),
  code('snomed', '418023006', 'CT of chest, abdomen and pelvis', 'NHS England, diagnostic imaging list'),
  code('snomed', '419394006', 'CT of abdomen and pelvis', 'NHS England, diagnostic imaging list'),
  code('snomed', '241622002', 'MRI of liver', 'NHS England, diagnostic imaging list'),
  code('snomed', '363406005', 'Malignant tumor of colon', 'Synthea, colorectal cancer module'),
  code('snomed', '94381002', 'Metastatic malignant neoplasm to liver', 'SNOMED CT browser'),
  code('snomed', '736252007', 'Cancer care plan', 'HL7 FHIR, CarePlan.category of public oncology guides'),
];

/** Of these systems a coding is written. SNOMED CT needs a licence outside of its member countries. */
export type CodedIn = ReadonlySet<PublishedCode['system']>;
export const WITHOUT_SNOMED: CodedIn = new Set(['loinc', 'icd10']);
export const WITH_SNOMED: CodedIn = new Set(['loinc', 'icd10', 'snomed']);

const byNumber = new Map(PUBLISHED_CODES.map((one) => [one.code, one]));

/** The codings of these numbers; those of a system that is not written are left out. Throws for a number without a row. */
export const codingsOf = (numbers: readonly string[], systems: CodedIn): Coding[] =>
  numbers.flatMap((number) => {
    const found = byNumber.get(number);
    if (found === undefined) throw new Error(`${number} is not in the table of codes.`);
    const { system, display } = found;
    return systems.has(system) ? [{ system: SYSTEMS[system], code: number, display }] : [];
  });

/** A code of the program's own, `urn:nedwatch:KIND`. */
export const ownCoding = (kind: string, value: string, display?: string): Coding => ({
  system: `urn:nedwatch:${kind}`,
  code: value,
  ...(display !== undefined && { display }),
});

/** The program's own code as a concept, the published codings before it. */
export const concept = (
  kind: string,
  value: string,
  text: string | undefined,
  published: readonly Coding[] = [],
): CodeableConcept => ({
  coding: [...published, ownCoding(kind, value, text)],
  ...(text !== undefined && { text }),
});

/** A code of a system of HL7: `http://terminology.hl7.org/CodeSystem/NAME`. */
export const hl7Concept = (name: string, value: string): CodeableConcept => ({
  coding: [{ system: `http://terminology.hl7.org/CodeSystem/${name}`, code: value }],
});
