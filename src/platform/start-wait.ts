import { setTimeout as sleep } from 'node:timers/promises';
import type { Language } from '../guideline/guideline.js';
import type { Message } from '../guideline/message.js';
import { msg, render } from './messages/dictionary.js';
import { MendableError } from './messages/mendable-error.js';

const POLL_MS = 250;
const QUIET_MS = 2000;
const REPEAT_MS = 15_000;
const REPORT_MS = 5000;

/** A start waited until its limit. The message names the dependency and the remedy. */
export class StartTimeout extends MendableError {}

/** Thrown by one attempt: the start may continue later. */
export class NotYet extends Error {
  constructor(
    /** What the start waits for. */
    readonly what: Message,
  ) {
    super(render(what, 'en'));
  }
}

/** How long a start waits for one dependency, and where it reports that. */
export interface Patience {
  readonly limitMs: number;
  readonly say: (line: string) => void;
  readonly language: Language;
}

/** Writes to standard error, whatever the log level: a person may be waiting in front of the terminal. */
export const patienceOf = (seconds: number, language: Language = 'en'): Patience => ({
  language,
  limitMs: seconds * 1000,
  say: (line) => void process.stderr.write(`${line}\n`),
});

/**
 * Repeats `attempt` while it throws `NotYet`. Reports what it waits for after two seconds and then every fifteen;
 * throws `StartTimeout` at the limit. An attempt must limit its own duration.
 */
export async function waitFor<T>(patience: Patience, attempt: () => Promise<T>): Promise<T> {
  const begun = performance.now();
  let sayAt = begun + QUIET_MS;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof NotYet)) throw error;
      const now = performance.now();
      const [seconds, limit] = [Math.round((now - begun) / 1000), patience.limitMs / 1000];
      const { what } = error;
      if (now - begun >= patience.limitMs)
        throw new StartTimeout(msg('start-gave-up', { seconds, what }), { cause: error });
      if (now >= sayAt) {
        patience.say(render(msg('start-waits', { what, seconds, limit }), patience.language));
        sayAt = now + REPEAT_MS;
      }
      await sleep(Math.min(POLL_MS, Math.max(0, begun + patience.limitMs - now)));
    }
  }
}

/** Runs a migration, which has no time limit, and reports every five seconds that it still runs. */
export async function reportMigration<T>(patience: Patience, work: () => Promise<T>): Promise<T> {
  const begun = performance.now();
  const report = setInterval(() => {
    const seconds = Math.round((performance.now() - begun) / 1000);
    patience.say(render(msg('start-migrates', { seconds }), patience.language));
  }, REPORT_MS);
  try {
    return await work();
  } finally {
    clearInterval(report);
  }
}
