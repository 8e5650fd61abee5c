import type { GatewayState } from '../gateways/gateway-rows.js';
import type { MessageResult } from './message-result.js';

type Health = Pick<GatewayState, 'timeouts' | 'pausedUntil'>;

/** So many attempts without a clear answer. */
const SILENT_IN_A_ROW = 5;
const PAUSE_MS = 5 * 60_000;
/** A vendor's limit is a matter of minutes; its longer ones concern a single number. */
export const THROTTLED_MS = 60_000;
const LONGEST_RETRY_AFTER_MS = 24 * 3_600_000;

/** So many messages leave at the same time: a gateway that never answers keeps no more connections. */
export const AT_ONCE = 20;

/** Whether and how long the gateway is paused after an attempt. */
export function healthAfter(before: Health, result: MessageResult, now: Date): Health {
  const after = (ms: number): Date => new Date(now.getTime() + ms);
  if (result.outcome === 'accepted') return { timeouts: 0, pausedUntil: null };
  if (result.outcome === 'throttled') {
    const asked = Math.min(result.retryAfterMs ?? 0, LONGEST_RETRY_AFTER_MS);
    return { timeouts: 0, pausedUntil: after(Math.max(THROTTLED_MS, asked)) };
  }
  const timeouts = result.outcome === 'refused' ? 0 : before.timeouts + 1;
  return { timeouts, pausedUntil: timeouts >= SILENT_IN_A_ROW ? after(PAUSE_MS) : before.pausedUntil };
}

/** After a pause for lack of answers a single message tries the gateway: the others must not become uncertain too. */
export const attemptsAtOnce = ({ timeouts }: Pick<Health, 'timeouts'>): number =>
  timeouts >= SILENT_IN_A_ROW ? 1 : AT_ONCE;
