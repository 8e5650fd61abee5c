import type { Language } from '../../guideline/guideline.js';
import { WITHOUT_SNOMED } from '../../interop/fhir/codes.js';
import type { HospitalTransaction } from '../../tenancy/hospital-scope.js';
import type { ResourceContext } from './resources/patient-record.js';

/** The context of the resources that one transaction builds for a reader of this language. */
export const contextOf = ({ hospital, today }: HospitalTransaction, language: Language): ResourceContext => ({
  ...{ hospitalId: hospital.id, timeZone: hospital.timeZone, today, language },
  codedIn: WITHOUT_SNOMED,
});
