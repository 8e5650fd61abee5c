import { Injectable } from '@nestjs/common';
import type { Guideline } from '../guideline/guideline.js';
import { GUIDELINES } from '../guideline/published/index.js';
import { notFound } from '../platform/domain-error.js';
import { HospitalScope } from '../tenancy/hospital-scope.js';
import type { StoredGuidelineHead } from '../tenancy/policy/hospital-guidelines.js';

/** A guideline that the hospital can follow. `stored` is set for the hospital's own protocols. */
export interface KnownGuideline {
  readonly guideline: Guideline;
  readonly stored?: StoredGuidelineHead;
}

/** The guidelines that the hospital of the caller can follow. */
@Injectable()
export class GuidelinesService {
  constructor(private readonly scope: HospitalScope) {}

  /** The published guidelines, then the hospital's own protocols by id and version. */
  async list(): Promise<readonly KnownGuideline[]> {
    return this.scope.transaction(async ({ guidelines }) => {
      const own: KnownGuideline[] = [];
      for (const stored of await guidelines.own()) {
        const guideline = await guidelines.find(`${stored.id}@${stored.version}`);
        if (guideline) own.push({ guideline, stored });
      }
      return [...GUIDELINES.map((guideline) => ({ guideline })), ...own];
    });
  }

  /** The guideline that the hospital follows. */
  async inForce(): Promise<Guideline> {
    return this.scope.transaction(({ hospital: { guideline, policy } }) => {
      if (!guideline) throw notFound('guideline', policy.guideline);
      return Promise.resolve(guideline);
    });
  }

  /** The guideline with this name: `id` or `id@version`. */
  async get(name: string): Promise<Guideline> {
    return this.scope.transaction(async ({ guidelines }) => {
      const guideline = await guidelines.find(name);
      if (!guideline) throw notFound('guideline', name);
      return guideline;
    });
  }
}
