import { describe, expect, test } from '@jest/globals';
import { calendarDate } from '../../guideline/calendar.js';
import type { ClinicalEvent } from '../../patients/clinical-event.entity.js';
import { isAllowed } from '../../patients/consents.service.js';
import type { ComparedDecision } from './compared-decisions.js';
import { type ComparedRecord, contradictionsBetween } from './contradictions.js';
import { channelsToWithdraw } from './merged-consent.js';

type Event = Pick<ClinicalEvent, 'id' | 'type' | 'date' | 'detail'>;

let count = 0;
const event = (type: string, date: string, detail: object = {}): Event => ({
  ...{ id: `event ${++count}`, type, date: calendarDate(date) },
  detail: { ...detail },
});
const decision = (kind: ComparedDecision['kind'], detail: object): ComparedDecision => ({
  ...{ id: `decision ${++count}`, kind, detail: { ...detail } },
});
const record = (facts: Partial<ComparedRecord> = {}): ComparedRecord => ({
  ...{
    birthDate: calendarDate('1960-05-05'),
    sex: 'female',
    identityNumber: null,
    events: [],
    decisions: [],
  },
  ...facts,
});
const codes = (target: Partial<ComparedRecord>, source: Partial<ComparedRecord>): string[] =>
  contradictionsBetween(record(target), record(source), {}).map(({ code }) => code);
const events = (target: Event, source: Event): string[] => codes({ events: [target] }, { events: [source] });

describe('what must be settled before two records become one', () => {
  test('another birth date, sex or identity number, but no field that one record lacks', () => {
    expect(codes({}, { birthDate: calendarDate('1960-05-06') })).toEqual(['birth-dates-differ']);
    expect(codes({}, { sex: 'male' })).toEqual(['sexes-differ']);
    expect(codes({ identityNumber: '1' }, { identityNumber: '2' })).toEqual(['identity-numbers-differ']);
    expect(codes({ identityNumber: '1' }, { sex: 'unknown' })).toEqual([]);
  });

  test('two deaths on different days, and what lies after the death in the other record', () => {
    expect(events(event('death', '2026-03-01'), event('death', '2026-03-02'))).toEqual(['deaths-differ']);
    expect(events(event('death', '2026-03-01'), event('death', '2026-03-01'))).toEqual([]);
    expect(events(event('death', '2026-03-01'), event('exam', '2026-03-02'))).toEqual(['after-death']);
    expect(events(event('exam', '2026-03-02'), event('death', '2026-03-01'))).toEqual(['after-death']);
  });

  test('one event recorded in two ways: each pair is named', () => {
    const [a, b] = [
      event('exam', '2026-01-05', { activity: 'ct', outcome: 'normal' }),
      event('exam', '2026-01-05', { activity: 'ct', outcome: 'abnormal' }),
    ];
    expect(contradictionsBetween(record({ events: [a] }), record({ events: [b] }), {})).toMatchObject([
      { code: 'events-differ', pointer: `/from/events/${b.id}`, target: a.id, source: b.id },
    ]);
  });

  test('not: another activity or day, a field that one record alone has, another wording', () => {
    const ct = event('exam', '2026-01-05', { activity: 'ct', outcome: 'normal' });
    expect(events(ct, event('exam', '2026-01-05', { activity: 'mri', outcome: 'abnormal' }))).toEqual([]);
    expect(events(ct, event('exam', '2026-01-06', { activity: 'ct', outcome: 'abnormal' }))).toEqual([]);
    expect(events(ct, event('exam', '2026-01-05', { activity: 'ct' }))).toEqual([]);
    expect(
      events(
        event('recurrence', '2026-01-05', { site: 'S4' }),
        event('recurrence', '2026-01-05', { site: 'liver' }),
      ),
    ).toEqual([]);
  });

  test('a value measured twice on one day with two results', () => {
    const cea = (value: number) =>
      event('exam', '2026-01-05', {
        activity: 'tumour_markers',
        values: [{ code: 'CEA', value, unit: 'ug/L' }],
      });
    expect(events(cea(3), cea(3))).toEqual([]);
    expect(events(cea(3), cea(7))).toEqual(['events-differ']);
  });

  test('two decisions about one thing', () => {
    const decisions = (target: ComparedDecision, source: ComparedDecision): string[] =>
      codes({ decisions: [target] }, { decisions: [source] });
    expect(
      decisions(decision('profile', { profile: 'minimal' }), decision('profile', { profile: 'intensive' })),
    ).toEqual(['decisions-differ']);
    expect(
      decisions(decision('profile', { profile: 'minimal' }), decision('profile', { profile: 'minimal' })),
    ).toEqual([]);
    expect(
      decisions(
        decision('rule_off', { rule: 'a', from: 'x' }),
        decision('rule_off', { rule: 'b', from: 'y' }),
      ),
    ).toEqual([]);
  });
});

test('the stricter consent holds: a withdrawal of either record, and no consent that the target did not have', () => {
  const given = { channel: 'phone', decision: 'given' } as const;
  const withdrawn = { channel: 'phone', decision: 'withdrawn' } as const;
  const hook = { channel: 'webhook', decision: 'withdrawn' } as const;
  expect(channelsToWithdraw([given], [withdrawn])).toEqual(['phone']);
  expect(channelsToWithdraw([], [withdrawn, hook])).toEqual(['webhook']); // the phone needs a consent anyway
  expect(channelsToWithdraw([withdrawn], [given])).toEqual([]);
  expect(channelsToWithdraw([given], [given, withdrawn])).toEqual([]); // the newest decides
  expect(isAllowed('phone', [])).toBe(false);
});
