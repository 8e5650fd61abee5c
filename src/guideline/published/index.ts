import type { Guideline } from '../guideline.js';
import { CRLM_CN_2025_1_1 } from './crlm-cn-2025-1.1.js';
import { CRLM_CN_2025 } from './crlm-cn-2025.js';

/** Every published version, newest of an id last. */
export const GUIDELINES: readonly Guideline[] = [CRLM_CN_2025, CRLM_CN_2025_1_1];

/** The guideline `id`, or one version of it as `id@version`; undefined when there is none. */
export function findGuideline(idOrVersion: string): Guideline | undefined {
  return GUIDELINES.findLast(
    ({ id, version }) => id === idOrVersion || versionedId({ id, version }) === idOrVersion,
  );
}

export const versionedId = ({ id, version }: { readonly id: string; readonly version: string }): string =>
  `${id}@${version}`;
