import {
  exam,
  fact,
  ned,
  of,
  plannedBy,
  resection,
  statusesOf,
  type Circumstances,
} from '../../test/support/planned.js';
import { calendarDate } from './calendar.js';
import type { ClinicalFact } from './facts.js';
import { findGuideline } from './published/index.js';
import { statusOn } from './planned-item.js';

const CRLM = findGuideline('crlm-cn-2025')!;
const surgery = { ...resection({ stage: 'IV' }), date: calendarDate('2020-01-15') };
const followed = (events: readonly ClinicalFact[], given: Circumstances) =>
  plannedBy(CRLM, [surgery, ned('2020-01-15'), ...events], { birthDate: '1950-05-05', ...given });
const suspicious = (activity: string, date: string) => exam(activity, date, 'suspicious');
const mri = (date: string) => exam('mri_liver', date);
const byMri = { liverImaging: 'mri' } as const;

describe('what a finding asks for never yields', () => {
  const minimal = { ...byMri, profile: 'minimal' } as const;
  const events = [mri('2022-01-15'), suspicious('liver_ultrasound', '2022-06-15')];

  test('the MRI is live the day after the finding, though the window of the next routine MRI is open', () => {
    const plan = followed(events, { ...minimal, asOf: '2022-06-16' });

    expect(statusesOf(plan, 'suspicious_finding_mri')).toEqual([['2022-06-15', 'due']]);
    expect(of(plan, 'suspicious_finding_mri')[0]?.alsoFor).toEqual(['ned_imaging_mri@2023-01-15']);
    expect(of(plan, 'ned_imaging_mri').some(({ due }) => due === '2023-01-15')).toBe(false);
  });

  test('under the intensive profile as well', () => {
    const found = [mri('2025-01-15'), suspicious('liver_ultrasound', '2025-11-20')];
    const plan = followed(found, { ...byMri, asOf: '2025-11-21' });

    expect(statusesOf(plan, 'suspicious_finding_mri')).toEqual([['2025-11-20', 'due']]);
  });

  test('it is overdue after its tolerance, and still a year later', () => {
    for (const asOf of ['2022-06-30', '2023-06-15', '2025-06-15'])
      expect(statusesOf(followed(events, { ...minimal, asOf }), 'suspicious_finding_mri')).toEqual([
        ['2022-06-15', 'overdue'],
      ]);
  });

  test('one MRI answers the finding and the routine date whose window holds its day', () => {
    const plan = followed([...events, mri('2022-06-20')], { ...minimal, asOf: '2022-06-21' });

    expect(of(plan, 'suspicious_finding_mri')[0]?.completedOn).toBe('2022-06-20');
    expect(of(plan, 'ned_imaging_mri').find(({ completedOn }) => completedOn === '2022-06-20')).toBeDefined();
  });

  test('one MRI completes every finding before it; until then one whose place was taken is missed', () => {
    const two = [...events, suspicious('ct_abdomen_pelvis', '2022-07-10')];
    const open = followed(two, { ...minimal, asOf: '2022-07-11' });
    const done = followed([...two, mri('2022-07-20')], { ...minimal, asOf: '2022-07-21' });

    expect(statusesOf(open, 'suspicious_finding_mri').map(([, status]) => status)).toEqual(['missed', 'due']);
    expect(statusesOf(done, 'suspicious_finding_mri').map(([, status]) => status)).toEqual([
      'completed',
      'completed',
    ]);
  });

  test('a second finding takes over the routine MRI that stood behind the first one', () => {
    const two = [suspicious('liver_ultrasound', '2024-12-20'), suspicious('liver_ultrasound', '2025-02-20')];
    const plan = followed([mri('2024-07-15'), ...two], { ...byMri, asOf: '2025-03-01' });
    const live = plan.items.filter(
      (item) => item.activity === 'mri_liver' && ['due', 'overdue'].includes(statusOn(plan.asOf, item)),
    );

    expect(live.map(({ rule, due }) => [rule, due])).toEqual([['suspicious_finding_mri', '2025-02-20']]);
  });

  test('a routine MRI due on the day of the finding stands behind it too, until the next one opens', () => {
    const found = [mri('2024-07-15'), suspicious('liver_ultrasound', '2025-01-15')];
    const open = followed(found, { ...byMri, asOf: '2025-02-01' });
    const later = followed(found, { ...byMri, asOf: '2026-02-01' });
    const routine = (plan: typeof open) =>
      statusesOf(plan, 'ned_imaging_mri').find(([due]) => due === '2025-01-15');

    expect(routine(open)).toBeUndefined();
    expect(routine(later)).toEqual(['2025-01-15', 'missed']);
    expect(statusesOf(later, 'suspicious_finding_mri')).toEqual([['2025-01-15', 'overdue']]);
  });

  test('from before enrolment it waits too', () => {
    const plan = followed(events, { ...minimal, asOf: '2023-02-01', enrolledOn: '2023-01-01' });

    expect(statusesOf(plan, 'suspicious_finding_mri')).toEqual([['2022-06-15', 'overdue']]);
  });

  test('when the pathway ends it is missed', () => {
    const plan = followed([...events, fact('recurrence', '2022-07-01')], { ...minimal, asOf: '2022-07-02' });

    expect(statusesOf(plan, 'suspicious_finding_mri')).toEqual([['2022-06-15', 'missed']]);
  });

  test('what a clinician ordered by hand does not yield to a routine date either', () => {
    const added = [
      { id: 'a', activity: 'mri_liver', due: calendarDate('2022-06-15'), by: 'clinician' },
    ] as const;
    const plan = followed([mri('2022-01-15')], { ...minimal, added, asOf: '2022-08-01' });

    expect(statusesOf(plan, 'by_hand')).toEqual([['2022-06-15', 'overdue']]);
  });
});

describe('another method satisfies a date only by an examination that fulfilled none of its own', () => {
  const chestCt = (date: string) => exam('ct_chest_abdomen_pelvis', date);

  test('the yearly chest CT of a patient imaged by MRI does not complete the liver MRI', () => {
    const plan = followed([chestCt('2021-01-15')], { ...byMri, asOf: '2021-01-20' });

    expect(statusesOf(plan, 'ned_imaging_mri').find(([due]) => due === '2021-01-15')?.[1]).toBe('due');
    expect(of(plan, 'ned_chest_ct')[0]?.completedOn).toBe('2021-01-15');
    expect(plan.flags.map(({ code }) => code)).not.toContain('imaging-method-changed');
  });

  test('an abdomen CT that nothing else asked for does, and is flagged', () => {
    const plan = followed([exam('ct_abdomen_pelvis', '2021-01-15')], { ...byMri, asOf: '2021-01-20' });

    expect(of(plan, 'ned_imaging_mri').find(({ due }) => due === '2021-01-15')).toMatchObject({
      completedOn: '2021-01-15',
      otherMethod: true,
    });
    expect(plan.flags.map(({ code }) => code)).toContain('imaging-method-changed');
  });

  test('a finding during conversion therapy asks for no MRI, so the MRI of later years is a routine one', () => {
    const before = [
      fact('conversion_therapy_started', '2019-06-01', { mmr: 'pMMR' }),
      exam('liver_ultrasound', '2019-07-10', 'inconclusive'),
    ];
    for (const earlier of [[], before]) {
      const plan = followed([...earlier, mri('2020-04-15')], { asOf: '2020-05-02' });

      expect(of(plan, 'ned_imaging_ct')[0]).toMatchObject({ due: '2020-04-15', completedOn: '2020-04-15' });
    }
  });

  test('the MRI that answered a finding leaves the CT standing; the next MRI satisfies one', () => {
    const found = [suspicious('liver_ultrasound', '2020-04-10'), mri('2020-04-14')];
    const plan = followed(found, { asOf: '2020-04-20' });
    const again = followed([...found, mri('2020-07-15')], { asOf: '2020-07-20' });

    expect(statusesOf(plan, 'ned_imaging_ct')[0]).toEqual(['2020-04-15', 'due']);
    expect(of(again, 'ned_imaging_ct')[1]).toMatchObject({ completedOn: '2020-07-15', otherMethod: true });
  });

  test('one that a person recorded for the date satisfies it all the same', () => {
    const assigned = { ...mri('2020-04-14'), forDue: calendarDate('2020-04-15') };
    const plan = followed([suspicious('liver_ultrasound', '2020-04-10'), assigned], { asOf: '2020-04-20' });

    expect(of(plan, 'ned_imaging_ct')[0]).toMatchObject({ completedOn: '2020-04-14', otherMethod: true });
  });
});

test('a patient operated on in 2012 has dates ahead: plans reach three years from the day of planning', () => {
  const long = { ...resection(), date: calendarDate('2012-03-01') };
  const plan = plannedBy(CRLM, [long], { asOf: '2026-11-28', diagnosisDate: '2012-02-01' });
  const upcoming = statusesOf(plan, 'postoperative_review').filter(([, status]) => status === 'upcoming');

  expect(upcoming.map(([due]) => due)).toEqual(['2027-03-01', '2028-03-01', '2029-03-01']);
});
