import { conversion, exam, ned, of, planned, resection } from '../../test/planned.js';
import type { Plan } from './planner.js';
import { CRLM_CN_2025 } from './published/crlm-cn-2025.js';
import { reasonFor } from './reason.js';

describe('the reason names section, grade, arithmetic, range and assumption', () => {
  const because = (plan: Plan, rule: string, index = 0, language: 'zh' | 'en' = 'en'): string =>
    reasonFor(CRLM_CN_2025, of(plan, rule)[index]!, { profile: 'intensive', liverImaging: 'ct' }, language);

  test('of a review, in English and Chinese', () => {
    const plan = planned([resection()]);

    expect(because(plan, 'postoperative_review')).toMatch(
      /1\.3\(1\); evidence 1a, grade A\); primary resection 2020-01-31 \+ 3 months → 2020-04-30; the text says every 3 months to 6 months; the intensive profile takes 3 months; late once the long end of the range has passed since the last one done; would change it: a corrected date of primary resection, another choice within the range, an event that ends the pathway \(.*recurrence.*\)\.$/,
    );
    expect(because(plan, 'postoperative_review', 0, 'zh')).toMatch(
      /：.*，1\.3\(1\)，1a类证据，A级推荐；原发灶手术2020-01-31 \+ 3 个月 → 2020-04-30；原文为每3个月至6个月，按“强化”方案取3个月；.*会改变它的：更正原发灶手术日期、.*。$/,
    );
  });

  test('of a colonoscopy that is projected', () => {
    expect(because(planned([resection()]), 'colonoscopy', 1)).toMatch(
      /no grade printed.*36 months → 2023-01-31; 60 days either side are hospital policy, not guideline; assumes that/,
    );
  });

  test('of a colonoscopy due on return', () => {
    expect(because(planned([resection({ stage: 'IV' }), ned()]), 'colonoscopy')).toMatch(
      /2020-01-31 \+ 12 months → 2021-01-31; not done by then or off follow-up, so due on the day follow-up goes on, 2021-08-31/,
    );
  });

  test('of a reassessment, always in weeks', () => {
    const plan = planned([conversion('2024-03-01')], { until: '2025-03-01' });

    expect(
      of(plan, 'conversion_ct').map(
        (_, index) => /\+ (\d+) weeks/.exec(because(plan, 'conversion_ct', index))?.[1],
      ),
    ).toEqual(['6', '12', '18', '24', '30', '36', '42', '48']);
  });

  test('of an MRI due on the day of the finding', () => {
    expect(
      because(
        planned([resection(), exam('liver_ultrasound', '2020-05-02', 'suspicious')]),
        'suspicious_finding_mri',
      ),
    ).toMatch(/on the day itself, 2020-05-02/);
  });
});
