/** LOINC 2.78: the codes of laboratories for what `guideline/measurements.ts` measures. */
const MEASUREMENT_OF_LOINC: Readonly<Record<string, string>> = {
  '2039-6': 'CEA', // Carcinoembryonic Ag [Mass/volume] in Serum or Plasma
  '24108-3': 'CA19-9', // Cancer Ag 19-9 [Units/volume] in Serum or Plasma
};

/** The code of a measurement for a LOINC number, or undefined. */
export const measurementOfLoinc = (code: string): string | undefined =>
  Object.hasOwn(MEASUREMENT_OF_LOINC, code) ? MEASUREMENT_OF_LOINC[code] : undefined;

/** ICD-10: malignant neoplasm of colon, rectosigmoid junction and rectum, with or without further digits. */
export const isColorectalCancer = (code: string): boolean =>
  /^C(18|19|20)(\.|$|\d)/.test(code.trim().toUpperCase());

/** HL7 table 0001. */
export const sexOf = (code: string | undefined): 'male' | 'female' | 'other' | 'unknown' | undefined => {
  switch (code) {
    case 'M':
      return 'male';
    case 'F':
      return 'female';
    case 'O':
    case 'A':
      return 'other';
    case 'U':
    case 'N':
      return 'unknown';
    default:
      return undefined;
  }
};
