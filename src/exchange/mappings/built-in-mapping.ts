import { type Mapping, MappingFile } from './mapping-file.js';

/** The name of the mapping that holds where a hospital has stored none. */
export const BUILT_IN = 'built-in';

/** Reads patients and tumour markers as `docs/hl7.md` says, and no reports or appointments. */
export const BUILT_IN_MAPPING: Mapping = MappingFile.parse({
  ...{ id: BUILT_IN, version: '1.0.0' },
  title: { zh: '内置对照表', en: 'Built-in mapping' },
  patientNumber: { types: ['MR', 'PI'], otherwiseFirst: true },
});
