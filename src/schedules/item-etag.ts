import type { SurveillanceItem } from './surveillance-item.entity.js';

type ChangingColumns = Pick<SurveillanceItem, 'revision' | 'steps' | 'state'>;

/** The `ETag` of an item. It differs after each change of the item's dates, step or state. */
export const itemETag = ({ revision, steps, state }: ChangingColumns): string =>
  `"${revision}.${steps ?? 0}.${state}"`;
