import type { Guideline, Rule } from '../calls/guidelines.js';

/** What became of one rule between two versions. */
export type RuleChange = 'added' | 'changed' | 'removed' | 'same';

/** The change of each rule by its id; rules of the earlier version that are gone are in `removed`. */
export interface VersionDiff {
  readonly changeOf: (rule: Rule) => RuleChange;
  readonly earlier: (id: string) => Rule | undefined;
  readonly removed: readonly Rule[];
  readonly counts: Readonly<Record<Exclude<RuleChange, 'same'>, number>>;
}

export function diffOf(before: Pick<Guideline, 'rules'>, after: Pick<Guideline, 'rules'>): VersionDiff {
  const earlier = new Map(before.rules.map((rule) => [rule.id, rule]));
  const kept = new Set(after.rules.map(({ id }) => id));
  const changeOf = (rule: Rule): RuleChange => {
    const old = earlier.get(rule.id);
    if (!old) return 'added';
    return JSON.stringify(sorted(old)) === JSON.stringify(sorted(rule)) ? 'same' : 'changed';
  };
  const removed = before.rules.filter(({ id }) => !kept.has(id));
  const count = (change: RuleChange): number =>
    after.rules.filter((rule) => changeOf(rule) === change).length;
  return {
    ...{ changeOf, removed, earlier: (id) => earlier.get(id) },
    counts: { added: count('added'), changed: count('changed'), removed: removed.length },
  };
}

/** The order of the fields in a file means nothing. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([name, one]) => [name, sorted(one)]));
}
