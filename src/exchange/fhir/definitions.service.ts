import { Injectable } from '@nestjs/common';
import type { FhirResource } from 'fhir/r4.js';
import { GUIDELINES, versionedId } from '../../guideline/published/index.js';
import type { Guideline, Language } from '../../guideline/guideline.js';
import { matchesAll } from '../../interop/fhir/search-matching.js';
import type { Search } from '../../interop/fhir/search-parameters.js';
import { DomainError } from '../../platform/domain-error.js';
import { msg } from '../../platform/messages/dictionary.js';
import type { HospitalTransaction } from '../../tenancy/hospital-scope.js';
import { contextOf } from './fhir-context.js';
import type { FoundPage } from './found-page.js';
import { activityDefinitions, planDefinition } from './resources/definitions.js';
import { resourceId } from './resources/canonicals.js';

export type DefinitionType = 'PlanDefinition' | 'ActivityDefinition';

/** The published guidelines and the hospital's own protocols, as definitions. */
@Injectable()
export class Definitions {
  /** By the order in which the guidelines are listed; the cursor is the number of those seen. */
  async page(
    tx: HospitalTransaction,
    type: DefinitionType,
    { filters, count, cursor }: Search,
    language: Language,
  ): Promise<FoundPage> {
    const seen = cursor === undefined ? 0 : Number(cursor);
    if (!Number.isSafeInteger(seen) || seen < 0)
      throw new DomainError('malformed', 'not-a-cursor', msg('not-a-cursor'));
    const all = await this.all(tx, type, language);
    const found = all.filter((one) => matchesAll(one, filters, tx.hospital.timeZone));
    const next = seen + count < found.length && count > 0 ? String(seen + count) : null;
    return { matches: found.slice(seen, seen + count), included: [], next };
  }

  async find(
    tx: HospitalTransaction,
    type: DefinitionType,
    id: string,
    language: Language,
  ): Promise<FhirResource | null> {
    return (await this.all(tx, type, language)).find((one) => one.id === id) ?? null;
  }

  /** The guideline whose PlanDefinition has this id. */
  async guideline(tx: HospitalTransaction, id: string): Promise<Guideline | null> {
    return (await guidelinesOf(tx)).find((one) => resourceId(one.id, one.version) === id) ?? null;
  }

  private async all(
    tx: HospitalTransaction,
    type: DefinitionType,
    language: Language,
  ): Promise<FhirResource[]> {
    const reader = contextOf(tx, language);
    const guidelines = await guidelinesOf(tx);
    return guidelines.flatMap((guideline): FhirResource[] =>
      type === 'PlanDefinition'
        ? [planDefinition(guideline, reader)]
        : activityDefinitions(guideline, reader),
    );
  }
}

async function guidelinesOf({ guidelines }: HospitalTransaction): Promise<Guideline[]> {
  const found: Guideline[] = [...GUIDELINES];
  for (const head of await guidelines.own()) {
    const own = await guidelines.find(versionedId(head));
    if (own) found.push(own);
  }
  return found;
}
