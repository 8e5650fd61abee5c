import type { CapabilityStatement, CapabilityStatementRestResource } from 'fhir/r4.js';
import { MOST_COUNT } from '../../interop/fhir/search-parameters.js';
import { FHIR_WRITTEN } from '../../tenancy/fhir-rights.js';
import { SERVED_TYPES, type ServedType } from './served-resources.js';

/** The day on which what the server can do last changed. */
const CHANGED_ON = '2026-11-29';

const SECURITY_SERVICES = 'http://terminology.hl7.org/CodeSystem/restful-security-service';
/** FHIR Bulk Data Access 2.0. */
const BULK_DATA = 'http://hl7.org/fhir/uv/bulkdata/OperationDefinition';

/** What the server at `base` can do, from the table by which it does it. */
export const capabilityStatement = (base: string): CapabilityStatement => ({
  resourceType: 'CapabilityStatement',
  status: 'active',
  date: CHANGED_ON,
  kind: 'instance',
  software: { name: 'nedwatch' },
  implementation: { description: 'nedwatch', url: base },
  fhirVersion: '4.0.1',
  format: ['application/fhir+json', 'json'],
  rest: [
    {
      mode: 'server',
      security: {
        service: [{ coding: [{ system: SECURITY_SERVICES, code: 'SMART-on-FHIR' }] }],
        description:
          'Authorization: Bearer KEY, or an access token of SMART backend services (.well-known/smart-configuration). Rights and visible ' +
          'patients are those of the key, machine or person.',
      },
      resource: SERVED_TYPES.map(resourceOf),
      operation: [{ name: 'export', definition: `${BULK_DATA}/export` }],
      interaction: [{ code: 'transaction' }, { code: 'batch' }],
      searchParam: [
        { name: '_count', type: 'number', documentation: `Resources of one page, at most ${MOST_COUNT}` },
      ],
    },
  ],
});

const resourceOf = ({ type, parameters, includes }: ServedType): CapabilityStatementRestResource => ({
  type,
  interaction: [{ code: 'read' }, { code: 'search-type' }, ...(isWritten(type) ? WRITES : [])],
  versioning: 'no-version',
  ...(isWritten(type) && { updateCreate: false, conditionalCreate: true, conditionalUpdate: true }),
  ...(includes.length > 0 && { searchInclude: includes.map((name) => `${type}:${name}`) }),
  searchParam: parameters.map(({ name, type: form, documentation }) => ({ name, type: form, documentation })),
  ...(OPERATIONS[type] && { operation: OPERATIONS[type] }),
});

const isWritten = (type: string): boolean => FHIR_WRITTEN.some((one) => one === type);
const WRITES = [{ code: 'create' }, { code: 'update' }] as const;

const OPERATIONS: Readonly<Record<string, CapabilityStatementRestResource['operation']>> = {
  Patient: [
    { name: 'everything', definition: 'http://hl7.org/fhir/OperationDefinition/Patient-everything' },
    { name: 'export', definition: `${BULK_DATA}/patient-export` },
  ],
  PlanDefinition: [
    { name: 'apply', definition: 'http://hl7.org/fhir/OperationDefinition/PlanDefinition-apply' },
  ],
};
