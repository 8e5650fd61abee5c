import { OPEN_CALLS, RIGHTS } from '../../src/tenancy/rights.js';

const isOfApi = (call: string): boolean => !call.includes(' /fhir/') && !call.endsWith(' /fhir');

/**
 * The calls under /api/v1 in the table of rights. `test/exchange/fhir-rights.spec.ts` makes those at /fhir, which the
 * capability statement describes instead of the API document.
 */
export const API_CALLS: readonly string[] = Object.keys(RIGHTS).filter(isOfApi);
export const OPEN_API_CALLS: readonly string[] = OPEN_CALLS.filter(isOfApi);
export const FHIR_CALLS: readonly string[] = Object.keys(RIGHTS).filter((call) => !isOfApi(call));
