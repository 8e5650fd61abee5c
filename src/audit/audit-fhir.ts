import type { AuditRow } from '../tenancy/audit-entry.js';

const DICOM = 'http://dicom.nema.org/resources/ontology/DCM';
const SUBTYPE = 'http://hl7.org/fhir/restful-interaction';
const INTERACTIONS: Readonly<Record<string, readonly [string, string]>> = {
  GET: ['R', 'read'],
  POST: ['C', 'create'],
  MLLP: ['C', 'create'],
  PUT: ['U', 'update'],
  PATCH: ['U', 'patch'],
  DELETE: ['D', 'delete'],
};

/** The row as a FHIR R4 AuditEvent, following the patterns of IHE BALP: patients by their ids, no names. */
export function fhirAuditEvent(row: AuditRow): Record<string, unknown> {
  const [action, interaction] = INTERACTIONS[row.call.split(' ')[0] ?? ''] ?? ['E', 'operation'];
  return {
    resourceType: 'AuditEvent',
    id: row.id,
    type: {
      system: 'http://terminology.hl7.org/CodeSystem/audit-event-type',
      code: 'rest',
      display: 'RESTful Operation',
    },
    subtype: [{ system: SUBTYPE, code: interaction }],
    action,
    recorded: row.recordedAt,
    outcome: row.outcome === 'done' ? '0' : '4',
    ...(row.status === null ? {} : { outcomeDesc: `HTTP ${row.status}` }),
    purposeOfEvent: [
      { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-ActReason', code: row.purpose }] },
    ],
    agent: [
      {
        type: { coding: [{ system: DICOM, code: '110153', display: 'Source Role ID' }] },
        role: row.roles.map((code) => ({ coding: [{ system: 'urn:nedwatch:role', code }] })),
        who: { identifier: { system: `urn:nedwatch:${row.callerKind}`, value: row.callerId } },
        requestor: true,
        ...(row.address === null ? {} : { network: { address: row.address, type: '2' } }),
      },
    ],
    source: {
      site: row.hospitalId,
      observer: { identifier: { system: 'urn:nedwatch:hospital', value: row.hospitalId } },
    },
    entity: [
      {
        type: { code: 'call' },
        description: row.call,
        ...(row.requestId === null ? {} : { name: row.requestId }),
      },
      ...row.patients.map((id) => ({
        what: { reference: `Patient/${id}` },
        type: {
          system: 'http://terminology.hl7.org/CodeSystem/audit-entity-type',
          code: '1',
          display: 'Person',
        },
        role: { system: 'http://terminology.hl7.org/CodeSystem/object-role', code: '1', display: 'Patient' },
      })),
    ],
  };
}
