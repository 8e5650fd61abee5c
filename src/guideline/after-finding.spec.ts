import {
  dues,
  exam,
  NED,
  ned,
  of,
  planned,
  recurrence,
  resection,
  statusesOf,
} from '../../test/support/planned.js';

describe('1.3(2) and 1.2 after a suspicious finding', () => {
  test.each(['suspicious', 'inconclusive'])(
    'an ultrasound that is %s calls for one liver MRI, graded 1a A',
    (outcome) => {
      const plan = planned([resection(), exam('liver_ultrasound', '2020-05-02', outcome)]);

      expect(of(plan, 'suspicious_finding_mri')).toMatchObject([
        { activity: 'mri_liver', due: '2020-05-02', section: '1.3(2), 1.2', evidence: '1a', grade: 'A' },
      ]);
    },
  );

  test.each(['ct_chest_abdomen_pelvis', 'ct_abdomen_pelvis'] as const)('so does a %s', (activity) => {
    const plan = planned([resection(), exam(activity, '2021-01-31', 'suspicious')]);

    expect(dues(plan, 'suspicious_finding_mri')).toEqual(['2021-01-31']);
  });

  test('a normal ultrasound, and a suspicious marker, call for no MRI', () => {
    const plan = planned([
      resection(),
      exam('liver_ultrasound', '2020-05-02'),
      exam('tumour_markers', '2020-05-02', 'suspicious'),
    ]);

    expect(of(plan, 'suspicious_finding_mri')).toEqual([]);
  });

  test('the MRI done after the finding answers it; one done before does not', () => {
    const finding = exam('liver_ultrasound', '2020-05-02', 'suspicious');
    const before = planned([resection(), exam('mri_liver', '2020-05-01'), finding], { asOf: '2020-05-20' });
    const after = planned([resection(), finding, exam('mri_liver', '2020-05-09')]);

    expect(statusesOf(before, 'suspicious_finding_mri')).toEqual([['2020-05-02', 'overdue']]);
    expect(statusesOf(after, 'suspicious_finding_mri')).toEqual([['2020-05-02', 'completed']]);
  });

  test('the MRI of the same day answers it', () => {
    const plan = planned([
      resection(),
      exam('liver_ultrasound', '2020-05-02', 'suspicious'),
      exam('mri_liver', '2020-05-02'),
    ]);

    expect(statusesOf(plan, 'suspicious_finding_mri')).toEqual([['2020-05-02', 'completed']]);
  });

  test('one MRI answers the findings before it, and none after it', () => {
    const first = exam('liver_ultrasound', '2020-05-02', 'suspicious');
    const second = exam('ct_abdomen_pelvis', '2020-05-06', 'inconclusive');
    const third = exam('liver_ultrasound', '2020-08-02', 'suspicious');
    const plan = planned([resection(), first, second, exam('mri_liver', '2020-05-09'), third]);

    expect(statusesOf(plan, 'suspicious_finding_mri')).toEqual([
      ['2020-05-02', 'completed'],
      ['2020-05-06', 'completed'],
      ['2020-08-02', 'due'],
    ]);
  });

  test('while the MRI is owed, a second finding overtakes the first, so that one is live', () => {
    const first = exam('liver_ultrasound', '2020-05-02', 'suspicious');
    const second = exam('ct_abdomen_pelvis', '2020-05-06', 'inconclusive');

    expect(statusesOf(planned([resection(), first, second]), 'suspicious_finding_mri')).toEqual([
      ['2020-05-02', 'missed'],
      ['2020-05-06', 'due'],
    ]);
  });

  test('a finding on the day NED takes over belongs to NED; one on the day all follow-up ends asks for nothing', () => {
    const finding = exam('liver_ultrasound', NED, 'suspicious');

    expect(of(planned([resection(), ned(), finding]), 'suspicious_finding_mri')).toMatchObject([
      { pathway: 'crlm_ned', due: NED },
    ]);
    expect(of(planned([resection(), recurrence(NED), finding]), 'suspicious_finding_mri')).toEqual([]);
  });

  test('a finding left unanswered when its pathway ends is missed, and hides no finding of the next', () => {
    const unanswered = exam('liver_ultrasound', '2020-05-02', 'suspicious');
    const onReturn = exam('liver_ultrasound', NED, 'suspicious');
    const plan = planned([
      resection(),
      unanswered,
      recurrence('2020-06-01'),
      ned(),
      onReturn,
      exam('mri_liver', '2021-09-05'),
    ]);

    expect(statusesOf(plan, 'suspicious_finding_mri')).toEqual([
      ['2020-05-02', 'missed'],
      [NED, 'completed'],
    ]);
  });
});
