import type { ActivityCode, Text } from './guideline.js';

/** A published figure with which a hospital can compare its own. */
export interface PublishedAdherence {
  readonly measure: string;
  readonly title: Text;
  /** The activities to which the figure applies. */
  readonly activities: readonly ActivityCode[];
  readonly percent: number;
  /** The 95 % confidence interval. */
  readonly low: number;
  readonly high: number;
  readonly source: string;
}

const SOURCE = 'https://ecommons.aku.edu/pakistan_fhs_mc_mc/332/';

/**
 * Pooled adherence after resection of colorectal cancer: 14 studies with 55,895 patients. The studies define adherence in
 * different ways.
 */
export const PUBLISHED_ADHERENCE: readonly PublishedAdherence[] = [
  {
    ...{ measure: 'cea', title: { zh: 'CEA', en: 'CEA' }, activities: ['tumour_markers'] },
    ...{ percent: 54, low: 42, high: 66, source: SOURCE },
  },
  {
    ...{ measure: 'imaging', title: { zh: '影像检查', en: 'imaging' } },
    activities: [
      ...[
        'liver_ultrasound',
        'ct_chest_abdomen_pelvis',
        'ct_abdomen_pelvis',
        'ct_chest_abdomen',
        'mri_liver',
      ],
    ],
    ...{ percent: 63, low: 47, high: 80, source: SOURCE },
  },
  {
    ...{ measure: 'colonoscopy', title: { zh: '结肠镜', en: 'colonoscopy' }, activities: ['colonoscopy'] },
    ...{ percent: 70, low: 67, high: 73, source: SOURCE },
  },
];
