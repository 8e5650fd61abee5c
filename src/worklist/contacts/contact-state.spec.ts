import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { addDays, type CalendarDate, calendarDate } from '../../guideline/calendar.js';
import { CONTACT_CHANNELS } from '../settings/contact-channels.js';
import { ContactSettings } from '../settings/contact-settings.js';
import { CONTACT_OUTCOMES, type ContactAttempt, FAILURE_CAUSES } from './contact-attempt.js';
import { type ContactState, contactState } from './contact-state.js';

const SETTINGS = ContactSettings.parse({
  ladder: [
    { channel: 'telephone', attempts: 2 },
    { channel: 'relative', attempts: 1 },
    { channel: 'letter', attempts: 1 },
  ],
});
const ALIVE = calendarDate('2026-01-10');

const on = (day: string, facts: Partial<ContactAttempt> = {}): ContactAttempt => {
  const outcome = facts.outcome ?? 'failed';
  return {
    channel: 'telephone',
    outcome,
    cause: outcome === 'failed' ? 'no_answer' : null,
    confirmsAlive: outcome === 'reached',
    contactedOn: calendarDate(day),
    nextActionOn: null,
    ...facts,
  };
};
const after = (...attempts: ContactAttempt[]): ContactState => contactState(attempts, SETTINGS, ALIVE);

test('a patient without an attempt has the first step of the ladder next, and is not proposed as lost', () => {
  expect(after()).toMatchObject({
    ...{ tried: 0, reached: 0, failed: 0, sinceReached: 0, restsUntil: null, loss: null },
    nextStep: { channel: 'telephone', attempt: 1 },
    knownAliveOn: '2026-01-10',
  });
});

describe('the ladder', () => {
  test('proposes the next step after as many failed attempts as the hospital says', () => {
    const first = on('2026-03-01');
    const second = on('2026-03-02', { cause: 'switched_off' });
    expect(after(first).nextStep).toEqual({ channel: 'telephone', attempt: 2 });
    expect(after(first, second).nextStep).toEqual({ channel: 'relative', attempt: 1 });
  });

  test('counts the attempts of each channel, in whatever order they were made', () => {
    const early = on('2026-03-01', { channel: 'relative' });
    expect(after(early).nextStep).toEqual({ channel: 'telephone', attempt: 1 });
    expect(after(early, on('2026-03-02'), on('2026-03-03')).nextStep).toEqual({
      channel: 'letter',
      attempt: 1,
    });
  });

  test('skips a step for which no contact is known', () => {
    const unknown = on('2026-03-01', { cause: 'none_known' });
    expect(after(unknown).nextStep).toEqual({ channel: 'relative', attempt: 1 });
  });

  test('begins again once the patient was reached, or came', () => {
    const failed = [on('2026-03-01'), on('2026-03-02')];
    const reached = on('2026-03-03', { channel: 'relative', outcome: 'reached' });
    expect(after(...failed, reached).nextStep).toEqual({ channel: 'telephone', attempt: 1 });
    expect(contactState(failed, SETTINGS, calendarDate('2026-03-20')).nextStep).toEqual({
      channel: 'telephone',
      attempt: 1,
    });
  });

  test('continues after a contact who knows nothing of the patient', () => {
    const unaware = on('2026-03-03', { channel: 'relative', outcome: 'reached', confirmsAlive: false });
    expect(after(on('2026-03-01'), on('2026-03-02'), unaware)).toMatchObject({
      ...{ reached: 1, lastReachedOn: null, knownAliveOn: '2026-01-10', restsUntil: '2026-03-04' },
      nextStep: { channel: 'letter', attempt: 1 },
    });
  });
});

describe('rest', () => {
  test.each([
    ['reached', {}, '2026-03-08'],
    ['sent', { channel: 'message' }, '2026-03-04'],
    ['failed', {}, '2026-03-02'],
  ] as const)('after an attempt that %s the hospital says for how many days', (outcome, facts, until) => {
    expect(after(on('2026-03-01', { outcome, ...facts })).restsUntil).toBe(until);
  });

  test('a message that was not delivered is tried and failed, and takes the patient off no list', () => {
    const failed = on('2026-03-01', { channel: 'message', cause: 'not_delivered' });
    expect(after(failed)).toMatchObject({
      tried: 1,
      reached: 0,
      failed: 1,
      sinceReached: 0,
      restsUntil: null,
    });
  });

  test('a message that was not delivered does not shorten the rest after a call', () => {
    const call = on('2026-03-01', { outcome: 'reached' });
    const message = on('2026-03-02', { channel: 'message', cause: 'not_delivered' });
    expect(after(call, message).restsUntil).toBe('2026-03-08');
  });

  test('a day that was agreed holds instead, sooner or later', () => {
    const agreed = (day: string) =>
      after(on('2026-03-01', { outcome: 'reached', nextActionOn: calendarDate(day) })).restsUntil;
    expect([agreed('2026-03-03'), agreed('2026-04-20'), agreed('2026-03-01')]).toEqual([
      '2026-03-03',
      '2026-04-20',
      null,
    ]);
  });
});

describe('a loss to follow-up', () => {
  const whole = [
    on('2026-03-01'),
    on('2026-03-05'),
    on('2026-03-09', { channel: 'relative' }),
    on('2026-03-20', { channel: 'letter', outcome: 'sent' }),
  ];

  test('is proposed at the end of the ladder, with the attempts', () => {
    expect(after(...whole)).toMatchObject({
      nextStep: null,
      loss: {
        proposedOn: '2026-03-20',
        because: 'ladder_exhausted',
        firstTriedOn: '2026-03-01',
        lastTriedOn: '2026-03-20',
        attempts: 4,
      },
    });
  });

  test('is proposed 15 months after the last sign of life, after an attempt', () => {
    expect(after(on('2026-03-01')).loss).toMatchObject({
      proposedOn: '2027-04-10',
      because: 'long_silence',
    });
    expect(after(on('2027-06-01')).loss).toMatchObject({ proposedOn: '2027-06-01' });
    expect(after().loss).toBeNull();
  });

  test('is no longer proposed once the patient was reached, or came', () => {
    expect(after(...whole, on('2026-03-21', { outcome: 'reached' })).loss).toBeNull();
    expect(contactState(whole, SETTINGS, calendarDate('2026-03-22')).loss).toBeNull();
  });
});

const attempts = (): fc.Arbitrary<ContactAttempt[]> =>
  fc
    .array(
      fc.record({
        channel: fc.constantFrom(...CONTACT_CHANNELS),
        outcome: fc.constantFrom(...CONTACT_OUTCOMES),
        cause: fc.constantFrom(...FAILURE_CAUSES),
        alive: fc.boolean(),
        wait: fc.nat(60),
        next: fc.option(fc.nat(60)),
      }),
      { maxLength: 30 },
    )
    .map((drawn) => {
      let day = calendarDate('2026-01-01');
      return drawn.map(({ channel, outcome, cause, alive, wait, next }) => {
        day = addDays(day, wait);
        return {
          ...{ channel, outcome },
          cause: outcome === 'failed' ? cause : null,
          confirmsAlive: outcome === 'reached' && alive,
          contactedOn: day,
          nextActionOn: next === null ? null : addDays(day, next),
        };
      });
    });
const days = (): fc.Arbitrary<CalendarDate> =>
  fc.nat(1000).map((day) => addDays(calendarDate('2025-06-01'), day));

describe('after any attempts', () => {
  test('what was tried is what was reached, sent or failed; and the ladder is exhausted exactly when nothing is next', () => {
    fc.assert(
      fc.property(attempts(), days(), (made, aliveOn) => {
        const state = contactState(made, SETTINGS, aliveOn);
        const sent = made.filter(({ outcome }) => outcome === 'sent').length;
        expect(state.tried).toBe(state.reached + state.failed + sent);
        const isExhausted = state.ladder.every((step) => step.attempts >= step.of);
        expect(state.nextStep === null).toBe(isExhausted);
        if (isExhausted) expect(state.loss).not.toBeNull();
      }),
    );
  });

  test('one more failed attempt never makes the proposal of a loss later, and never moves the ladder back', () => {
    const step = (state: ContactState): number =>
      state.nextStep === null
        ? SETTINGS.ladder.length
        : SETTINGS.ladder.findIndex(({ channel }) => channel === state.nextStep!.channel);
    fc.assert(
      fc.property(attempts(), days(), fc.constantFrom(...CONTACT_CHANNELS), (made, aliveOn, channel) => {
        const before = contactState(made, SETTINGS, aliveOn);
        const day = made.at(-1)?.contactedOn ?? calendarDate('2026-01-01');
        const next = contactState([...made, on(day, { channel })], SETTINGS, aliveOn);
        expect(step(next)).toBeGreaterThanOrEqual(step(before));
        if (before.loss) expect(next.loss!.proposedOn <= before.loss.proposedOn).toBe(true);
      }),
    );
  });

  test('no patient is proposed as lost before an attempt, nor after a sign of life', () => {
    fc.assert(
      fc.property(attempts(), days(), (made, aliveOn) => {
        const { loss, knownAliveOn } = contactState(made, SETTINGS, aliveOn);
        if (loss === null) return;
        expect(loss.firstTriedOn >= knownAliveOn).toBe(true);
        expect(loss.proposedOn >= loss.firstTriedOn).toBe(true);
        expect(loss.attempts).toBeGreaterThan(0);
      }),
    );
  });

  test('a patient rests at most for the days of the hospital, or until the agreed day', () => {
    fc.assert(
      fc.property(attempts(), days(), (made, aliveOn) => {
        const { restsUntil, nextActionOn } = contactState(made, SETTINGS, aliveOn);
        if (restsUntil === null) return;
        expect(made.some(({ contactedOn }) => restsUntil > contactedOn)).toBe(true);
        const longest = addDays(made.at(-1)!.contactedOn, 7);
        expect(nextActionOn === null ? restsUntil <= longest : restsUntil === nextActionOn).toBe(true);
      }),
    );
  });
});
