import type { SurveillanceItem } from './surveillance-item.entity.js';

type Changing = Pick<SurveillanceItem, 'revision' | 'steps' | 'state'>;

/** The `ETag` of an item: another one after each change of its dates, its step or its state. */
export const itemETag = ({ revision, steps, state }: Changing): string =>
  `"${revision}.${steps ?? 0}.${state}"`;
