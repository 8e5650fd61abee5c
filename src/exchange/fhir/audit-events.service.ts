import { Injectable } from '@nestjs/common';
import type { AuditEvent, FhirResource } from 'fhir/r4.js';
import { fhirAuditEvent } from '../../audit/audit-fhir.js';
import { AuditQuery, AuditTrail } from '../../audit/audit-trail.js';
import type { Filter, Search } from '../../interop/fhir/search-parameters.js';
import { isInstant } from '../../platform/instant.js';
import { DomainError } from '../../platform/domain-error.js';
import { msg } from '../../platform/messages/dictionary.js';
import type { AuditRow } from '../../tenancy/audit-entry.js';
import type { FoundPage } from './found-page.js';
import { versioned } from './resources/patient-record.js';

/** The audit trail, oldest first. */
@Injectable()
export class AuditEvents {
  constructor(private readonly trail: AuditTrail) {}

  async page({ filters, count, cursor }: Search): Promise<FoundPage> {
    if (count === 0) return { matches: [], included: [], next: null };
    const query = AuditQuery.safeParse({ ...conditionsOf(filters), limit: count, ...(cursor && { cursor }) });
    if (!query.success) throw new DomainError('malformed', 'not-a-cursor', msg('not-a-cursor'));
    const { rows, nextCursor } = await this.trail.page(query.data);
    return { matches: rows.map(auditEvent), included: [], next: nextCursor };
  }

  async find(id: string): Promise<FhirResource | null> {
    const [, year, month, day, hour, minute, second, micros, entry] = ID.exec(id) ?? [];
    if (entry === undefined) return null;
    const recordedAt = `${year ?? ''}-${month ?? ''}-${day ?? ''}T${hour ?? ''}:${minute ?? ''}:${second ?? ''}.${micros ?? ''}Z`;
    if (!isInstant(recordedAt)) return null;
    const row = await this.trail.entry(recordedAt, entry);
    return row && auditEvent(row);
  }
}

/** The instant to the microsecond and the id of the entry, by which together the trail finds it without a scan. */
const ID = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d{6})-([\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12})$/;
const idOf = ({ recordedAt, id }: AuditRow): string => `${recordedAt.replace(/\D/g, '')}-${id}`;

const auditEvent = (row: AuditRow): FhirResource =>
  versioned<AuditEvent>(
    { ...(fhirAuditEvent(row) as unknown as AuditEvent), id: idOf(row) },
    new Date(row.recordedAt),
  );

/** What the trail can be asked for: one patient, and instants from and before which. */
function conditionsOf(filters: readonly Filter[]): Record<string, string> {
  const conditions: Record<string, string> = {};
  for (const { parameter, anyOf } of filters) {
    const [sought, ...others] = anyOf;
    const refuse = (): DomainError =>
      new DomainError(
        'malformed',
        'fhir-wrong-audit-search',
        msg('fhir-wrong-audit-search', { parameter: parameter.name }),
      );
    if (sought === undefined || others.length > 0) throw refuse();
    if (sought.type === 'reference') conditions['patient'] = sought.id;
    else if (sought.type === 'date' && ['ge', 'eq'].includes(sought.prefix))
      conditions['from'] = new Date(sought.range.from).toISOString();
    else if (sought.type === 'date' && sought.prefix === 'gt')
      conditions['from'] = new Date(sought.range.to).toISOString();
    else if (!(sought.type === 'date' && ['lt', 'le'].includes(sought.prefix))) throw refuse();
    if (sought.type === 'date' && ['le', 'eq'].includes(sought.prefix))
      conditions['to'] = new Date(sought.range.to).toISOString();
    else if (sought.type === 'date' && sought.prefix === 'lt')
      conditions['to'] = new Date(sought.range.from).toISOString();
  }
  return conditions;
}
