import { isDeepStrictEqual } from 'node:util';
import type { ClinicalDecision } from '../../schedules/clinical-decision.entity.js';

export type ComparedDecision = Pick<ClinicalDecision, 'id' | 'kind' | 'detail'>;

/** What a decision decides about, where only one decision can hold; null: several of its kind hold side by side. */
export function decisionSubject({ kind, detail }: ComparedDecision): string | null {
  switch (kind) {
    case 'profile':
    case 'liver_imaging':
      return kind;
    case 'interval':
      return JSON.stringify([kind, detail['rule'], detail['phase'] ?? null]);
    case 'rule_off':
      return JSON.stringify([kind, detail['rule']]);
    case 'added_item':
    case 'assignment':
      return null;
  }
}

export const sameDecision = (a: ComparedDecision, b: ComparedDecision): boolean =>
  a.kind === b.kind && isDeepStrictEqual(a.detail, b.detail);
