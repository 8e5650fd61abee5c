import { Inject, Injectable } from '@nestjs/common';
import type { Bundle, CarePlan, FhirResource } from 'fhir/r4.js';
import type { Language } from '../../guideline/guideline.js';
import { versionedId } from '../../guideline/published/index.js';
import { searchset } from '../../interop/fhir/bundle.js';
import { WITHOUT_SNOMED } from '../../interop/fhir/codes.js';
import { CURSOR, type Query, readSearch, type Search } from '../../interop/fhir/search-parameters.js';
import { CONFIG, type Config } from '../../platform/config.js';
import { DomainError } from '../../platform/domain-error.js';
import { Uuid } from '../../platform/http/paging.js';
import { msg } from '../../platform/messages/dictionary.js';
import { PreviewService } from '../../schedules/previews/preview.service.js';
import { type FhirType } from '../../tenancy/fhir-rights.js';
import { HospitalScope, type HospitalTransaction } from '../../tenancy/hospital-scope.js';
import { mayReadType } from '../../tenancy/resource-scopes.js';
import { AuditEvents } from './audit-events.service.js';
import { Definitions } from './definitions.service.js';
import type { FoundPage } from './found-page.js';
import { PatientResourceSearch } from './patient-resources.service.js';
import { proposedCarePlan } from './proposed-plan.js';
import { refuseSearch } from './search-refusals.js';
import {
  PATIENT_RESOURCES,
  type PatientResources,
  SERVED_TYPES,
  type ServedType,
} from './served-resources.js';

/** Who asks, and how: the address by which the server was reached, the language, and how unknown parameters are taken. */
export interface FhirRequest {
  readonly base: string;
  readonly language: Language;
  readonly isStrict: boolean;
}

/** Reads and searches resources of every type. */
@Injectable()
export class FhirReads {
  constructor(
    private readonly scope: HospitalScope,
    private readonly ofPatients: PatientResourceSearch,
    private readonly definitions: Definitions,
    private readonly audit: AuditEvents,
    private readonly previews: PreviewService,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** The address of the FHIR server, by the public address of the program or, without one, by the request's. */
  baseOf({ protocol, host }: { readonly protocol: string; readonly host: string }): string {
    return `${(this.config.publicUrl ?? `${protocol}://${host}`).replace(/\/$/, '')}/fhir`;
  }

  /** Refuses (404) an id that no resource of this type has that the caller sees. */
  async read(type: FhirType, id: string, { language }: FhirRequest): Promise<FhirResource> {
    const found = await this.find(type, id, language);
    if (!found) throw resourceNotFound(type, id);
    return found;
  }

  /** One page of a search; refuses (400) what it does not understand. */
  async search(type: FhirType, query: Query, request: FhirRequest): Promise<Bundle> {
    const served = servedType(type);
    return this.scope.transaction(async (tx) => {
      const search = readSearch(query, { ...served, zone: tx.hospital.timeZone });
      const outcome = refuseSearch(search, served, request);
      const page = await this.page(tx, served, search, request.language);
      const at = (cursor: string | undefined): string =>
        addressOf(`${request.base}/${type}`, search.understood, cursor);
      return searchset({
        ...{ base: request.base, matches: page.matches, included: page.included, outcome },
        links: [
          { relation: 'self', url: at(search.cursor) },
          ...(page.next === null ? [] : [{ relation: 'next', url: at(page.next) }]),
        ],
      });
    });
  }

  /** Everything about one patient that the caller may read, in one bundle. */
  async everything(patientId: string, { base, language }: FhirRequest): Promise<Bundle> {
    const { caller } = this.scope;
    const types = PATIENT_RESOURCES.filter(({ type }) => mayReadType(caller, type));
    const found = await this.scope.transaction((tx) =>
      this.ofPatients.everything(tx, types, patientId, language),
    );
    if (found.length === 0) throw resourceNotFound('Patient', patientId);
    const url = `${base}/Patient/${patientId}/$everything`;
    return searchset({ base, links: [{ relation: 'self', url }], matches: found, included: [] });
  }

  /** The plan that the guideline of this PlanDefinition would give the patient. Stores nothing. */
  async apply(planId: string, subject: string, { language }: FhirRequest): Promise<CarePlan> {
    const guideline = await this.scope.transaction((tx) => this.definitions.guideline(tx, planId));
    if (!guideline) throw resourceNotFound('PlanDefinition', planId);
    const patientId = subject.replace(/^Patient\//, '').toLowerCase();
    if (!Uuid.safeParse(patientId).success) throw resourceNotFound('Patient', subject.slice(0, LONGEST_ID));
    const { plans } = await this.previews.compare(patientId, [versionedId(guideline)]);
    const [plan] = plans;
    if (!plan) throw new Error('One guideline gives one plan.');
    return proposedCarePlan(plan, patientId, { language, codedIn: WITHOUT_SNOMED });
  }

  private async find(type: FhirType, id: string, language: Language): Promise<FhirResource | null> {
    if (type === 'AuditEvent') return this.audit.find(id);
    return this.scope.transaction((tx) =>
      type === 'PlanDefinition' || type === 'ActivityDefinition'
        ? this.definitions.find(tx, type, id, language)
        : this.ofPatients.find(tx, ofPatients(type), id, language),
    );
  }

  private page(
    tx: HospitalTransaction,
    { type }: ServedType,
    search: Search,
    language: Language,
  ): Promise<FoundPage> {
    if (type === 'AuditEvent') return this.audit.page(search);
    return type === 'PlanDefinition' || type === 'ActivityDefinition'
      ? this.definitions.page(tx, type, search, language)
      : this.ofPatients.page(tx, ofPatients(type), search, language);
  }
}

const LONGEST_ID = 64;

const resourceNotFound = (type: FhirType, id: string): DomainError =>
  new DomainError('not-found', 'fhir-resource-not-found', msg('fhir-resource-not-found', { type, id }));

const named = <T extends ServedType>(types: readonly T[], type: FhirType): T => {
  const served = types.find((one) => one.type === type);
  if (!served) throw new Error(`${type} is not served.`);
  return served;
};
const servedType = (type: FhirType): ServedType => named(SERVED_TYPES, type);
const ofPatients = (type: FhirType): PatientResources => named(PATIENT_RESOURCES, type);

function addressOf(
  path: string,
  parameters: readonly (readonly [string, string])[],
  cursor: string | undefined,
): string {
  const query = new URLSearchParams(parameters.map(([name, value]): [string, string] => [name, value]));
  if (cursor !== undefined) query.append(CURSOR, cursor);
  return query.size === 0 ? path : `${path}?${query.toString()}`;
}
