import { dues, exam, fact, of, plannedBy, statusesOf } from '../../test/support/planned.js';
import { look, protocol, scope, started, visit } from '../../test/support/protocol.js';
import { calendarDate } from './calendar.js';
import type { Choices } from './choices.js';
import type { ClinicalFact } from './facts.js';
import type { Guideline, Rule } from './guideline.js';

const START = started('2024-01-15');
const BY = { by: 'clinician', author: 'Dr Wu', reason: 'frail' } as const;

/** Due dates of the rule until the end of 2026. */
const dated = (rule: Rule, events: readonly ClinicalFact[] = [START], more: Partial<Guideline> = {}) =>
  dues(plannedBy(protocol([rule], more), events, { until: '2026-12-31' }), rule.id);

describe('given, and until an age', () => {
  const rule = visit([{ every: 'P12M' }]);
  const more = { events: { gene: {}, stopped: {} } };

  test('every condition must hold', () => {
    const carriers = {
      ...rule,
      given: [{ recorded: { event: 'gene' } }, { neverRecorded: { event: 'stopped' } }],
    };

    expect(dated(carriers, [START], more)).toEqual([]);
    expect(dated(carriers, [fact('gene', '2023-01-01'), START], more)).toEqual(['2025-01-15', '2026-01-15']);
    expect(dated(carriers, [fact('gene', '2023-01-01'), START, fact('stopped', '2024-02-01')], more)).toEqual(
      [],
    );
  });

  test('onset before an age counts whole years at diagnosis', () => {
    const young = protocol([{ ...rule, given: [{ onsetBefore: 50 }] }]);
    const born = (birthDate: string) =>
      dues(
        plannedBy(young, [START], { birthDate, diagnosisDate: '2024-01-10', until: '2025-12-31' }),
        'visit',
      ).length;

    expect([born('1974-01-11'), born('1974-01-10')]).toEqual([1, 0]);
  });

  test('nothing falls due from the birthday on, and what is owed by then is missed on it', () => {
    const until75 = protocol([{ ...rule, untilAge: 75 }]);
    const born = (birthDate: string) => plannedBy(until75, [START], { birthDate, asOf: '2024-02-01' });

    expect(dues(born('1951-01-15'), 'visit')).toEqual(['2025-01-15']);
    expect(dues(born('1951-01-16'), 'visit')).toEqual(['2025-01-15', '2026-01-15']);
    expect(of(born('1951-01-16'), 'visit')[1]?.missedOn).toBe('2026-01-16');
  });

  test('the same for a chain and for what a finding asks for', () => {
    const chain = scope([{ when: {}, from: 'last', due: 'P12M', limit: false }], { untilAge: 75 });
    const plan = plannedBy(
      protocol([chain, look({ event: 'gene' }, 'P6M', { untilAge: 75 })], more),
      [START, fact('gene', '2025-06-20'), fact('gene', '2025-09-20')],
      { birthDate: '1951-01-16', asOf: '2025-09-20' },
    );

    expect(dues(plan, 'scope').every((due) => due < '2026-01-16')).toBe(true);
    expect(dues(plan, 'look')).toEqual(['2025-12-20']);
  });
});

describe('an interval that a clinician gives', () => {
  const rule = visit([{ every: 'clinician', until: 'P24M' }]);
  const flags = [
    {
      code: 'open',
      message: { zh: '待定', en: 'open' },
      when: { running: 'follow_up', neverRecorded: { event: 'death' } },
      settledBy: ['visit'],
    },
  ];
  const plan = (rules?: Choices['rules']) => plannedBy(protocol([rule], { flags }), [START], { rules });

  test('until one has decided nothing is planned, and it is asked for', () => {
    expect(plan().items).toEqual([]);
    expect(plan().flags.map(({ code }) => code)).toEqual(['open']);
  });

  test('once decided it is planned, deviates from nothing, and is asked for no more', () => {
    const decided = plan({ visit: { ...BY, phases: { 0: { every: 'P8M' } } } });

    expect(dues(decided, 'visit')).toEqual(['2024-09-15', '2025-05-15', '2026-01-15']);
    expect(of(decided, 'visit').some(({ deviates }) => deviates)).toBe(false);
    expect(decided.flags).toEqual([]);
  });
});

describe('what hospital and clinician choose', () => {
  const rule = visit([
    { every: ['P3M', 'P6M'], until: ['P6M', 'P12M'] },
    { every: 'P12M', until: 'P36M' },
  ]);
  const chosen = (choice: NonNullable<Choices['rules']>[string], its: Rule = rule) =>
    plannedBy(protocol([its]), [START], { rules: { visit: choice } });

  test('an interval within the range is taken and is no deviation', () => {
    const plan = chosen({ ...BY, phases: { 0: { every: 'P4M' } } });

    expect(dues(plan, 'visit')).toEqual([
      '2024-05-15',
      '2024-09-15',
      '2025-01-15',
      '2026-01-15',
      '2027-01-15',
    ]);
    expect(of(plan, 'visit').map(({ deviates }) => deviates)).toEqual([false, false, false, false, false]);
  });

  test('one outside the range is taken and deviates, in its phase only', () => {
    const plan = chosen({ ...BY, phases: { 0: { every: 'P12M' } } });

    expect(of(plan, 'visit').map(({ due, deviates }) => [due, deviates])).toEqual([
      ['2025-01-15', true],
      ['2026-01-15', false],
      ['2027-01-15', false],
    ]);
  });

  test('a duration within the range is no deviation, a longer one is', () => {
    const of9 = chosen({ ...BY, phases: { 0: { until: 'P9M' } } });
    const of15 = chosen({ ...BY, phases: { 0: { until: 'P15M' } } });

    expect(of(of9, 'visit').map(({ due, deviates }) => [due, deviates])).toEqual([
      ['2024-04-15', false],
      ['2024-07-15', false],
      ['2024-10-15', false],
      ['2025-10-15', false],
      ['2026-10-15', false],
    ]);
    expect(of(of15, 'visit').map(({ deviates }) => deviates)).toEqual([true, true, true, true, true, false]);
  });

  test('a rule switched off asks for nothing from that day on, and what it was owed is missed on it', () => {
    const plan = chosen({ ...BY, offFrom: calendarDate('2024-07-15') });

    expect(of(plan, 'visit').map(({ due, missedOn }) => [due, missedOn])).toEqual([
      ['2024-04-15', '2024-07-01'],
    ]);
    expect(of(chosen({ ...BY, offFrom: calendarDate('2024-06-01') }), 'visit')[0]?.missedOn).toBe(
      '2024-06-01',
    );
  });

  test('the same choices hold for a rolling rule', () => {
    const rolling = { ...rule, anchor: 'rolling' } as const;
    const plan = chosen({ ...BY, phases: { 0: { every: 'P2M', until: 'P4M' } } }, rolling);

    expect(of(plan, 'visit').map(({ due, deviates }) => [due, deviates])).toEqual([
      ['2024-03-15', true],
      ['2024-05-15', true],
      ['2025-05-15', false],
      ['2026-05-15', false],
    ]);
  });

  test('an interval of no time, should one come in, ends', () => {
    expect(chosen({ ...BY, phases: { 0: { every: 'P0D' }, 1: { every: 'P0M' } } }).items).toEqual([]);
  });

  const chain = scope([
    { when: { none: true }, from: 'clock', due: 'P12M', limit: true },
    { when: {}, from: 'last', due: 'P36M', limit: false },
  ]);
  const scoped = (interval: 'P6M' | 'P24M' | 'P60M') =>
    of(
      plannedBy(protocol([chain]), [START], {
        until: '2030-06-01',
        rules: { scope: { ...BY, interval } },
      }),
      'scope',
    ).map(({ due, deviates }) => [due, deviates]);

  test('for a chain a decided interval holds after each, a limit of the text stands if sooner', () => {
    expect(scoped('P24M')).toEqual([
      ['2025-01-15', false],
      ['2027-01-15', false],
      ['2029-01-15', false],
    ]);
    expect(scoped('P6M').slice(0, 2)).toEqual([
      ['2024-07-15', false],
      ['2025-01-15', false],
    ]);
    expect(scoped('P60M')).toEqual([
      ['2025-01-15', false],
      ['2030-01-15', true],
    ]);
  });

  test('one added by hand stands beside the rules until follow-up is closed', () => {
    const added = [{ ...BY, id: 'a', activity: 'mri_liver', due: calendarDate('2024-03-01') }] as const;
    const plan = (...events: ClinicalFact[]) =>
      plannedBy(protocol([rule]), [START, ...events], { added, until: '2024-04-30' });

    expect(statusesOf(plan(), 'by_hand')).toEqual([['2024-03-01', 'upcoming']]);
    expect(statusesOf(plan(exam('mri_liver', '2024-02-20')), 'by_hand')).toEqual([
      ['2024-03-01', 'completed'],
    ]);
    expect(statusesOf(plan(fact('death', '2024-02-01')), 'by_hand')).toEqual([]);
    expect(dues(plan(), 'visit')).toEqual(['2024-04-15']);
  });
});
