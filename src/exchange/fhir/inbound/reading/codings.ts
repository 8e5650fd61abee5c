import type { CodeableConcept, Coding } from './resources.js';

export const LOINC = 'http://loinc.org';
export const SNOMED = 'http://snomed.info/sct';
export const UCUM = 'http://unitsofmeasure.org';

export const codingsOf = (concept: CodeableConcept | undefined): readonly Coding[] => concept?.coding ?? [];

/** The code of the concept in this system. */
export const codeIn = (concept: CodeableConcept | undefined, system: string): string | undefined =>
  codingsOf(concept).find((coding) => coding.system === system)?.code;

/** What people read of a concept. */
export const textOf = (concept: CodeableConcept | undefined): string | undefined =>
  concept?.text ?? codingsOf(concept).find(({ display }) => display !== undefined)?.display;

/** A concept in words and codes, for a refusal that names it. */
export const namesOf = (concept: CodeableConcept | undefined): string =>
  [textOf(concept), ...codingsOf(concept).map(({ system, code }) => `${system ?? ''}|${code ?? ''}`)]
    .filter((one) => one !== undefined && one !== '')
    .join(' ')
    .slice(0, 200);
