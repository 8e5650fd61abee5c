import type { Guideline } from '../guideline.js';
import { ASCO_2013 } from './asco-2013.js';
import { CRLM_CN_2025_1_1 } from './crlm-cn-2025-1.1.js';
import { CRLM_CN_2025 } from './crlm-cn-2025.js';
import { ESMO_COLON } from './esmo-colon.js';
import { NHC_CHINA_2023 } from './nhc-china-2023.js';
import { NICE_NG151 } from './nice-ng151.js';

/** Every published version, the newest of an id last. */
export const GUIDELINES: readonly Guideline[] = [
  CRLM_CN_2025,
  CRLM_CN_2025_1_1,
  NHC_CHINA_2023,
  ASCO_2013,
  ESMO_COLON,
  NICE_NG151,
];

/** The guideline `id`, or one version of it as `id@version`; undefined when there is none. */
export function findGuideline(idOrVersion: string): Guideline | undefined {
  return GUIDELINES.findLast(
    ({ id, version }) => id === idOrVersion || versionedId({ id, version }) === idOrVersion,
  );
}

/** Whether the guideline is a published one, as opposed to a hospital's own protocol. */
export const isPublished = (guideline: Guideline): boolean => GUIDELINES.includes(guideline);

export const versionedId = ({ id, version }: { readonly id: string; readonly version: string }): string =>
  `${id}@${version}`;
