import { Injectable } from '@nestjs/common';
import type { FhirResource } from 'fhir/r4.js';
import { z } from 'zod';
import type { Language } from '../../guideline/guideline.js';
import { matchesAll, referencesOf } from '../../interop/fhir/search-matching.js';
import type { Filter, Search } from '../../interop/fhir/search-parameters.js';
import { patientsFound, searchConditions } from '../../patients/patient-search.js';
import { DomainError } from '../../platform/domain-error.js';
import { encodedCursor } from '../../platform/http/paging.js';
import { msg } from '../../platform/messages/dictionary.js';
import { Turns } from '../../platform/turns.js';
import { type HospitalTransaction, showOnly } from '../../tenancy/hospital-scope.js';
import { contextOf } from './fhir-context.js';
import type { FoundPage } from './found-page.js';
import { PatientRecords } from './patient-records.js';
import { ownersOf, recordsOfPersons } from './resource-owners.js';
import { mrnSystem } from './resources/patient.js';
import { SourceLinks } from './source-links.js';
import type { PatientRecord, RecordPart, ResourceContext } from './resources/patient-record.js';
import { PATIENT_PARAMETERS, PATIENT_RESOURCES, type PatientResources } from './served-resources.js';

/** Records loaded with one set of queries. At first as many as fill a page, if each has this many resources of the type. */
const MOST_AT_ONCE = 128;
const USUALLY_OF_ONE = 20;
/** After so many records, or so long, a page ends, whether it is full or not. */
const MOST_RECORDS = 2000;
const LONGEST_MS = 3000;

/** After every id: FHIR ids have letters, digits, hyphens and dots. */
const BEHIND_ALL = '~';

const Cursor = z.tuple([z.uuid(), z.string().max(64)]);

/** Finds the resources that follow from the records of patients, in the order of the patients' ids and their own. */
@Injectable()
export class PatientResourceSearch {
  constructor(
    private readonly records: PatientRecords,
    private readonly links: SourceLinks,
  ) {}

  /** One page. The number of queries depends on the number of batches, not of records or resources. */
  async page(
    tx: HospitalTransaction,
    served: PatientResources,
    search: Search,
    language: Language,
  ): Promise<FoundPage> {
    const context = contextOf(tx, language);
    const after = search.cursor === undefined ? undefined : readCursor(search.cursor);
    const { candidates, filters } = await candidatesOf(tx, served, search.filters, context);
    const parts = partsOf([served, ...includedTypes(search)]);
    const page = new PageInWork(served, { ...search, filters }, context, after);
    // The record of the cursor is read again, because the page before may have ended within it.
    let from: From = { id: after?.[0] ?? FIRST_PATIENT, isIncluded: true };
    const began = performance.now();
    for (let scanned = 0, size = firstBatch(served, search.count); ; size *= 2) {
      const most = Math.min(size, MOST_AT_ONCE);
      const ids = await nextPatients(tx, candidates, from, most);
      for (const record of await this.records.load(tx, ids, parts)) {
        await page.add(record);
        if (page.isFull) break;
      }
      const last = ids.at(-1);
      if (page.isFull || last === undefined || ids.length < most) return page.finished(null);
      scanned += ids.length;
      if (scanned >= MOST_RECORDS || performance.now() - began > LONGEST_MS) return page.finished(last);
      from = { id: last, isIncluded: false };
    }
  }

  /** The resource with this id; null: there is none that the caller sees. */
  async find(
    tx: HospitalTransaction,
    served: PatientResources,
    id: string,
    language: Language,
  ): Promise<FhirResource | null> {
    // A correction replaced the event; the resource keeps the id that its sender was given.
    const current = (await this.links.byId(tx, served.type, id))?.currentId ?? id;
    const owners = await ownersOf(tx, [current], served.ownedBy);
    for (const record of await this.records.load(tx, [...owners], partsOf([served]))) {
      const found = served.build(record, contextOf(tx, language)).find((resource) => resource.id === current);
      if (found) {
        showOnly([record.patient]);
        return current === id ? found : { ...found, id };
      }
    }
    showOnly([]);
    return null;
  }

  /** All resources of these types about one patient, also from records that were merged into the patient's. */
  async everything(
    tx: HospitalTransaction,
    types: readonly PatientResources[],
    patientId: string,
    language: Language,
  ): Promise<FhirResource[]> {
    const ids = await recordsOfPersons(tx, [patientId]);
    const context = contextOf(tx, language);
    const records = await this.records.load(tx, [...ids], partsOf(types));
    const own = records.filter(({ patient }) => patient.id === patientId);
    const merged = records.filter(({ patient }) => patient.id !== patientId);
    return [...own, ...merged].flatMap((record) => types.flatMap(({ build }) => build(record, context)));
  }
}

/** Collects one page; remembers to which record each resource belongs. */
class PageInWork {
  private readonly found: { readonly record: PatientRecord; readonly resource: FhirResource }[] = [];
  private readonly turns = new Turns();

  constructor(
    private readonly served: PatientResources,
    private readonly search: Search,
    private readonly context: ResourceContext,
    private readonly after: readonly [string, string] | undefined,
  ) {}

  get isFull(): boolean {
    return this.found.length > this.search.count;
  }

  async add(record: PatientRecord): Promise<void> {
    await this.turns.next();
    const { filters } = this.search;
    const [patient, last] = this.after ?? [];
    const resources = this.served
      .build(record, this.context)
      .filter((one) => patient !== record.patient.id || (one.id ?? '') > (last ?? ''))
      .filter((one) => matchesAll(one, filters, this.context.timeZone))
      .sort((a, b) => ((a.id ?? '') < (b.id ?? '') ? -1 : 1));
    for (const resource of resources) this.found.push({ record, resource });
  }

  /** `scannedTo`: the last record that was looked at, if there may be more behind it. */
  finished(scannedTo: string | null): FoundPage {
    const shown = this.found.slice(0, this.search.count);
    const last = shown.at(-1);
    showOnly(shown.map(({ record }) => record.patient));
    const next = this.isFull
      ? last && encodedCursor([last.record.patient.id, last.resource.id ?? ''])
      : scannedTo && encodedCursor([scannedTo, BEHIND_ALL]);
    return {
      matches: shown.map(({ resource }) => resource),
      included: this.includedIn(shown),
      next: next ?? null,
    };
  }

  private includedIn(shown: PageInWork['found']): FhirResource[] {
    const built = new Map<string, Map<string, FhirResource>>();
    const included = new Map<string, FhirResource>();
    const matches = new Set(shown.map(({ resource }) => `${resource.resourceType}/${resource.id ?? ''}`));
    for (const { record, resource } of shown)
      for (const include of this.search.includes)
        for (const reference of referencesOf(resource, include.parameter)) {
          const [type = ''] = reference.split('/');
          const target = PATIENT_RESOURCES.find((one) => one.type === type);
          if (!target || matches.has(reference) || (include.target !== undefined && include.target !== type))
            continue;
          const key = `${record.patient.id} ${type}`;
          const own =
            built.get(key) ??
            new Map(target.build(record, this.context).map((one) => [`${type}/${one.id ?? ''}`, one]));
          built.set(key, own);
          const found = own.get(reference);
          if (found) included.set(reference, found);
        }
    return [...included.values()];
  }
}

/** A plan has dozens of items; of other types a patient has one, or a few. */
const firstBatch = ({ ownedBy }: PatientResources, count: number): number =>
  ownedBy.includes('item') ? Math.ceil(count / USUALLY_OF_ONE) + 1 : count + 1;

const FIRST_PATIENT = '00000000-0000-0000-0000-000000000000';

function readCursor(text: string): readonly [string, string] {
  try {
    return Cursor.parse(JSON.parse(Buffer.from(text, 'base64url').toString('utf8')));
  } catch {
    throw new DomainError('malformed', 'not-a-cursor', msg('not-a-cursor'));
  }
}

const partsOf = (types: readonly PatientResources[]): ReadonlySet<RecordPart> =>
  new Set(types.flatMap(({ parts }) => parts));

const includedTypes = ({ includes }: Search): PatientResources[] =>
  PATIENT_RESOURCES.filter(({ type }) =>
    includes.some(({ parameter: { targets = [] } }) => targets.includes(type)),
  );

/**
 * The ids of the only patients who can have what the filters ask for, null: any; and the filters that are left to check. A
 * patient's number has been looked up in every spelling, and among the numbers of merged records.
 */
async function candidatesOf(
  tx: HospitalTransaction,
  { type, ownedBy }: PatientResources,
  filters: readonly Filter[],
  { hospitalId }: ResourceContext,
): Promise<{ readonly candidates: readonly string[] | null; readonly filters: readonly Filter[] }> {
  const narrowed: ReadonlySet<string>[] = [];
  const left: Filter[] = [];
  for (const filter of filters) {
    const { parameter, anyOf } = filter;
    let owners: ReadonlySet<string> | undefined;
    const ids = anyOf.flatMap((one) => (one.type === 'reference' ? [one.id] : []));
    const codes = anyOf.flatMap((one) => (one.type === 'token' && one.code !== undefined ? [one.code] : []));
    if (PATIENT_PARAMETERS.includes(parameter.name)) owners = await recordsOfPersons(tx, ids);
    else if (parameter.name === '_id') owners = await ownersOf(tx, codes, ownedBy);
    else if (isNumber(type, filter)) {
      const isMrn = anyOf.every(
        (one) => one.type === 'token' && [undefined, mrnSystem(hospitalId)].includes(one.system),
      );
      owners = isMrn ? await withNumbers(tx, codes) : new Set();
    }
    if (owners !== undefined) narrowed.push(owners);
    if (!isNumber(type, filter)) left.push(filter);
  }
  const [first, ...others] = narrowed;
  const candidates = first ? [...first].filter((id) => others.every((one) => one.has(id))).sort() : null;
  return { candidates, filters: left };
}

const isNumber = (type: string, { parameter }: Filter): boolean =>
  type === 'Patient' && parameter.name === 'identifier';

async function withNumbers(
  tx: HospitalTransaction,
  numbers: readonly string[],
): Promise<ReadonlySet<string>> {
  const conditions = [];
  for (const mrn of numbers) conditions.push(await searchConditions(tx, { mrn }));
  return new Set(
    conditions.length === 0 ? [] : await patientsFound(tx, conditions, { limit: numbers.length * 2 }),
  );
}

interface From {
  readonly id: string;
  readonly isIncluded: boolean;
}

/** The ids of the next patients, in their order. */
async function nextPatients(
  { db, hospital }: HospitalTransaction,
  candidates: readonly string[] | null,
  { id: from, isIncluded }: From,
  most: number,
): Promise<string[]> {
  if (candidates) return candidates.filter((id) => id > from || (isIncluded && id === from)).slice(0, most);
  const rows = await db.query<{ id: string }[]>(
    `SELECT id FROM patient WHERE hospital_id = $1 AND id ${isIncluded ? '>=' : '>'} $2 ORDER BY id LIMIT $3`,
    [hospital.id, from, most],
  );
  return rows.map(({ id }) => id);
}
