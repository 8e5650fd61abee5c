import type { ReadAnswer } from '../gateways/gateway-answer.js';

/** The result of one attempt. */
export interface MessageResult {
  /** unreachable: nothing has left. unclear: the request left, and no answer says whether the gateway took the message. */
  readonly outcome: ReadAnswer['outcome'] | 'unreachable';
  /** Refused, and no repetition can help. */
  readonly isFinal: boolean;
  readonly status: number | null;
  readonly error: string | null;
  readonly answer: string | null;
  readonly reference: string | null;
  readonly durationMs: number;
  readonly timedOut: boolean;
  /** Our own connection failed. */
  readonly ours: boolean;
  readonly retryAfterMs: number | null;
}

/** What becomes of a message after an attempt. `repeatsSafely`: the gateway takes its number only once. */
export function stateAfter(
  { outcome, isFinal }: Pick<MessageResult, 'outcome' | 'isFinal'>,
  repeatsSafely: boolean,
): 'sent' | 'failed' | 'uncertain' | 'pending' {
  if (outcome === 'accepted') return 'sent';
  if (outcome === 'unclear') return repeatsSafely ? 'pending' : 'uncertain';
  return isFinal ? 'failed' : 'pending';
}
