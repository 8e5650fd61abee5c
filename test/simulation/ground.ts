import { Chance } from './chance.js';
import { DAY } from './histories.js';
import type { WorldClock } from './stepping.js';

export interface Scale {
  readonly seed: number;
  readonly patients: number;
  readonly years: number;
  /** How many steps a process lives on average, and runs without a pause. */
  readonly stepsToCrash: number;
  readonly stepsToPause: number;
  /** The longest time without progress while work is due. */
  readonly idleMs: number;
  /** The probability that an item is done at all. */
  readonly diligence: number;
  /** The probability that a nurse takes steps about an item; 0: nurses only record exams and events. */
  readonly acts: number;
  /** Whether the program runs its nightly delivery audit. */
  readonly nightly: boolean;
}

/** A few patients, for four years: a part of every test run. */
export const SHORT = {
  ...{ patients: 8, years: 4, stepsToCrash: 1000, stepsToPause: 800 },
  ...{ idleMs: 40 * DAY, diligence: 0.2, acts: 0.2, nightly: true },
};

/** For two years, with more exams and without steps, as when its seeds were found. */
export const CLOSE = { ...SHORT, years: 2, idleMs: 20 * DAY, diligence: 0.3, acts: 0 };

/**
 * A whole hospital. The nightly delivery audit is left out, because it reads more with each year; it runs once at the
 * end.
 */
export const LONG = {
  ...{ patients: 1000, years: 10, stepsToCrash: 8000, stepsToPause: 15_000 },
  ...{ idleMs: 12 * DAY, diligence: 0.15, acts: 0.1, nightly: false },
};

/** Replaces the machine's random numbers and stopwatches until the returned function is called. */
export function ruleTime(seed: number, clock: WorldClock): () => void {
  const { random } = Math;
  const now = performance.now.bind(performance);
  const timeout = AbortSignal.timeout.bind(AbortSignal);
  Math.random = new Chance(seed).next;
  performance.now = () => clock.stopwatch;
  AbortSignal.timeout = () => new AbortController().signal; // the simulated network reports timeouts
  return () => {
    Math.random = random;
    performance.now = now;
    AbortSignal.timeout = timeout;
  };
}

/** The clock stands still unless the simulation moves it; every change of an item or a delivery is recorded. */
export const OBSERVERS = `
  CREATE OR REPLACE FUNCTION program_now() RETURNS timestamptz LANGUAGE sql STABLE PARALLEL SAFE
    AS 'SELECT starts_at FROM program_clock';
  CREATE SCHEMA simulated;
  CREATE TABLE simulated.change (ordinal bigserial PRIMARY KEY, breach text, item jsonb);
  CREATE FUNCTION simulated.see_item() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$ BEGIN
    INSERT INTO simulated.change (item) VALUES (jsonb_build_object('itemId', new.id, 'patientId', new.patient_id, 'key', new.key,
      'activity', new.activity, 'state', new.state, 'due', new.due, 'overdue', new.overdue, 'missedOn', new.missed_on,
      'beforeEnrolment', new.before_enrolment));
    RETURN NULL; END $$;
  CREATE TRIGGER seen AFTER INSERT OR UPDATE OF state, due, overdue, missed_on, before_enrolment ON surveillance_item
    FOR EACH ROW EXECUTE FUNCTION simulated.see_item();
  CREATE FUNCTION simulated.see_delivered() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$ BEGIN
    INSERT INTO simulated.change (breach) VALUES ('delivered, and changed after that: ' || old.id);
    RETURN NULL; END $$;
  CREATE TRIGGER seen AFTER UPDATE ON delivery FOR EACH ROW WHEN (old.state = 'delivered') EXECUTE FUNCTION simulated.see_delivered();
  CREATE TRIGGER seen_gone AFTER DELETE ON delivery FOR EACH ROW WHEN (old.state = 'delivered') EXECUTE FUNCTION simulated.see_delivered();
  DO $$ DECLARE one regclass; BEGIN
    FOR one IN SELECT oid FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace LOOP
      EXECUTE format('ALTER TABLE %s SET (autovacuum_enabled = off)', one);
    END LOOP; END $$;
`;

/** The next time at which the relay, an attempt or the sweep has work. */
export const NEXT_EVENTS = `
  SELECT (SELECT min(occurred_at) FROM surveillance_event WHERE position IS NULL OR awaiting_relay_since IS NOT NULL) AS relay,
         (SELECT min(next_attempt_at) FROM delivery WHERE state = 'pending') AS delivery,
         (SELECT min(day) AT TIME ZONE 'UTC' FROM (
            SELECT min(next_reminder_on) AS day FROM surveillance_item WHERE next_reminder_on IS NOT NULL
            UNION ALL SELECT min(replan_on) FROM patient) AS days) AS item`;

/** The event types of each endpoint. */
export const SUBSCRIPTIONS: readonly (readonly string[])[] = [
  ['*'],
  ['surveillance.item.upcoming', 'surveillance.item.due', 'surveillance.item.overdue'],
  ['surveillance.item.overdue', 'surveillance.item.cancelled'],
];

/** An error with all its nested errors. */
export const textOf = (error: unknown): string =>
  error instanceof AggregateError
    ? [error.message, ...error.errors.map(textOf)].join(': ')
    : error instanceof Error
      ? (error.stack ?? error.message)
      : String(error);
