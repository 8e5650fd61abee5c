import type { NewDecision, PreviewRequest } from '../calls/record.js';

export type Kind = NewDecision['kind'];
export type PreviewDecision = NonNullable<PreviewRequest['decisions']>[number];

/** What was typed about a decision; which fields count depends on the kind. */
export interface TypedDecision {
  readonly kind: Kind;
  readonly profile: string;
  readonly liverImaging: string;
  readonly rule: string;
  readonly months: string;
  readonly from: string;
  readonly activity: string;
  readonly due: string;
  readonly eventId: string;
  readonly itemId: string;
}

export const NOTHING_TYPED: TypedDecision = {
  ...{ kind: 'profile', profile: '', liverImaging: '', rule: '', months: '', from: '' },
  ...{ activity: '', due: '', eventId: '', itemId: '' },
};

/** The decision as it was typed; undefined while something is missing. */
export function decisionOf(typed: TypedDecision): PreviewDecision | undefined {
  const { kind, profile, liverImaging, rule, months, from, activity, due, eventId, itemId } = typed;
  switch (kind) {
    case 'profile':
      return profile === 'intensive' || profile === 'minimal' ? { kind, profile } : undefined;
    case 'liver_imaging':
      return liverImaging === 'ct' || liverImaging === 'mri' ? { kind, liverImaging } : undefined;
    case 'interval':
      return rule !== '' && /^[1-9]\d{0,2}$/.test(months)
        ? { kind, rule, every: `P${Number(months)}M` }
        : undefined;
    case 'rule_off':
      return rule !== '' ? { kind, rule, ...(from !== '' && { from }) } : undefined;
    case 'added_item':
      return activity !== '' && due !== '' ? { kind, activity, due } : undefined;
    case 'assignment':
      return eventId !== '' && itemId !== '' ? { kind, eventId, itemId } : undefined;
  }
}
