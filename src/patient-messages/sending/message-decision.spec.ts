import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { calendarDate } from '../../guideline/calendar.js';
import { DEFAULT_SETTINGS } from '../settings/message-settings.js';
import { OCCASIONS } from '../settings/occasions.js';
import { quietUntil } from '../settings/quiet-hours.js';
import { decideMessage, type MessageFacts } from './message-decision.js';

const TODAY = calendarDate('2026-03-10');
const TOMORROW = calendarDate('2026-03-11');
const at = (time: string) => ({
  now: new Date(`2026-03-10T${time}:00+08:00`),
  ...{ today: TODAY, timeZone: 'Asia/Shanghai' },
});
const NOON = at('12:00');

const ITEM = { id: 'i', activity: 'a', due: TODAY, isToBook: true, isNotAttended: false };
const FACTS: MessageFacts = {
  ...{ occasion: 'overdue', aboutOn: TODAY, createdAt: new Date('2026-03-10T10:00:00+08:00') },
  settings: { ...DEFAULT_SETTINGS, enabled: true, phone: '010' },
  ...{ isErased: false, isMerged: false, hasConsent: true, hasDied: false, isFollowedUp: true },
  ...{ items: [ITEM], appointment: null, isResultInRange: false, sentThisWeek: 0, wasTried: false },
  ...{ own: ['13800000000'], relatives: [] },
};
const decided = (facts: Partial<MessageFacts>, when = NOON) => decideMessage({ ...FACTS, ...facts }, when);
const DAUGHTER = { number: '13900000000', relative: { id: 'r', name: 'x', relation: 'daughter' } };

describe('a message', () => {
  test('leaves to the first own mobile number', () => {
    expect(decided({ own: ['13800000000', '13800000001'], relatives: [DAUGHTER] })).toEqual({
      ...{ is: 'send', recipient: { number: '13800000000', relative: null } },
    });
  });

  test('leaves to a relative only where the hospital wants it', () => {
    const without = { own: [], relatives: [DAUGHTER] };
    expect(decided(without)).toEqual({ is: 'cancel', reason: 'no_number' });
    const settings = { ...FACTS.settings, relatives: true };
    expect(decided({ ...without, settings })).toEqual({ is: 'send', recipient: DAUGHTER });
  });

  test.each<[string, Partial<MessageFacts>]>([
    ['switched_off', { settings: { ...FACTS.settings, enabled: false } }],
    [
      'switched_off',
      { settings: { ...FACTS.settings, occasions: { ...FACTS.settings.occasions, overdue: false } } },
    ],
    ['patient_erased', { isErased: true }],
    ['record_merged', { isMerged: true }],
    ['no_consent', { hasConsent: false }],
    ['patient_died', { hasDied: true }],
    ['not_followed_up', { isFollowedUp: false }],
    ['nothing_open', { items: [] }],
    ['nothing_open', { items: [{ ...ITEM, isToBook: false }] }],
    ['nothing_open', { occasion: 'not_attended', items: [ITEM] }],
    ['result_changed', { occasion: 'result_in_range' }],
    ['appointment_changed', { occasion: 'appointment_tomorrow', aboutOn: TOMORROW }],
    [
      'appointment_changed',
      {
        ...{ occasion: 'appointment_tomorrow', aboutOn: TOMORROW },
        appointment: { date: TOMORROW, outcome: 'cancelled_by_patient' },
      },
    ],
    [
      'appointment_changed',
      { occasion: 'appointment_tomorrow', aboutOn: TOMORROW, appointment: { date: TODAY, outcome: null } },
    ],
    [
      'too_late',
      { occasion: 'appointment_tomorrow', aboutOn: TODAY, appointment: { date: TODAY, outcome: null } },
    ],
    ['too_late', { createdAt: new Date('2026-03-07T12:00:00+08:00') }],
    ['weekly_limit', { sentThisWeek: 3 }],
    ['no_number', { own: [] }],
  ])('is cancelled: %s', (reason, facts) => {
    expect(decided(facts)).toEqual({ is: 'cancel', reason });
  });

  test('that was tried before keeps its recipient, and the weekly limit has counted it', () => {
    expect(decided({ wasTried: true, sentThisWeek: 9, own: [] })).toEqual({ is: 'send', recipient: null });
  });

  test.each([
    ['07:59', '2026-03-10T08:00:00+08:00'],
    ['20:00', '2026-03-11T08:00:00+08:00'],
    ['23:59', '2026-03-11T08:00:00+08:00'],
  ])('waits at %s until %s', (time, until) => {
    expect(decided({}, at(time))).toEqual({ is: 'wait', until: new Date(until) });
  });
});

const minutes = fc.integer({ min: 0, max: 1439 }).map((minute) => {
  const [hour, rest] = [Math.floor(minute / 60), minute % 60];
  return `${String(hour).padStart(2, '0')}:${String(rest).padStart(2, '0')}`;
});
const bool = fc.boolean();

test('nothing leaves without a consent, after a death, in quiet hours or above the limit', () => {
  const facts = fc.record({
    ...{ occasion: fc.constantFrom(...OCCASIONS), hasConsent: bool, hasDied: bool, isFollowedUp: bool },
    ...{ isErased: bool, isMerged: bool, isResultInRange: bool, sentThisWeek: fc.nat(5) },
    items: fc.array(fc.record({ isToBook: bool, isNotAttended: bool }).map((one) => ({ ...ITEM, ...one }))),
    appointment: fc.constantFrom(null, { date: TOMORROW, outcome: null }),
    aboutOn: fc.constantFrom(TODAY, TOMORROW),
  });
  fc.assert(
    fc.property(facts, minutes, minutes, minutes, (given, time, quietFrom, end) => {
      const settings = { ...FACTS.settings, quietFrom, quietUntil: end };
      const { now, timeZone } = at(time);
      if (decided({ ...given, settings }, at(time)).is !== 'send') return;
      expect(given).toMatchObject({ hasConsent: true, hasDied: false, isFollowedUp: true, isErased: false });
      expect(given.sentThisWeek).toBeLessThan(settings.weeklyLimit);
      expect(quietUntil(now, timeZone, settings)).toBeNull();
    }),
    { numRuns: 3000 },
  );
});

test('quiet hours end later, within a day, at a time that is not quiet', () => {
  fc.assert(
    fc.property(minutes, minutes, minutes, (time, quietFrom, end) => {
      const { now, timeZone } = at(time);
      const until = quietUntil(now, timeZone, { quietFrom, quietUntil: end });
      if (until === null) return;
      expect(until.getTime()).toBeGreaterThan(now.getTime());
      expect(until.getTime() - now.getTime()).toBeLessThanOrEqual(86_400_000);
      expect(quietUntil(until, timeZone, { quietFrom, quietUntil: end })).toBeNull();
    }),
    { numRuns: 2000 },
  );
});
