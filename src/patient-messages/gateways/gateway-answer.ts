import type { GatewayConfig } from './gateway-config.js';
import { parsedJson } from './gateway-form.js';

/** How a gateway answered one attempt. */
export interface ReadAnswer {
  /** unclear: the gateway may have taken the message, or not. */
  readonly outcome: 'accepted' | 'refused' | 'throttled' | 'unclear';
  /** Refused, and no repetition can help. */
  readonly isFinal: boolean;
  readonly error: string | null;
  /** The gateway's own number of the message. */
  readonly reference: string | null;
}

/** The parts of an answer that decide. */
export interface GatewayAnswer {
  readonly status: number;
  readonly body: string;
  /** Whether it has a `Retry-After`. */
  readonly asksToWait: boolean;
}

const LONGEST_REFERENCE = 200;

/** The value of a field as text; null where the answer has none. */
export function valueAt(answer: unknown, path: string): string | null {
  const keys = path.split('.').flatMap((step) => step.split(/[[\]]+/).filter((key) => key !== ''));
  let value: unknown = answer;
  for (const key of keys) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return null;
    value = (value as Record<string, unknown>)[key];
  }
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : null;
}

/**
 * Reads an answer. Where the hospital names a field for success, the body decides: the large vendors answer 200 also when
 * they refuse. Only an answer that says so is a refusal; every other one is unclear.
 */
export function readAnswer(config: GatewayConfig, { status, body, asksToWait }: GatewayAnswer): ReadAnswer {
  const { success, codePath, errorPath, referencePath } = config;
  const answer = parsedJson(body) ?? null;
  const codeAt = codePath ?? success?.path;
  const code = (codeAt === undefined ? null : valueAt(answer, codeAt)) ?? valueAt(answer, errorPath);
  const matches = (patterns: readonly string[]): boolean =>
    [code, String(status)].some((one) => one !== null && patterns.some((pattern) => isLike(one, pattern)));
  const isSuccess = status >= 200 && status < 300;
  const value = success === undefined ? null : valueAt(answer, success.path);
  const isAccepted =
    isSuccess && (success === undefined || (value !== null && success.values.includes(value)));
  if (isAccepted || matches(config.repeated)) {
    const reference = referencePath === undefined ? null : valueAt(answer, referencePath);
    return {
      ...{ outcome: 'accepted', isFinal: false, error: null },
      reference: reference?.slice(0, LONGEST_REFERENCE) ?? null,
    };
  }
  const error = `answered ${status}${code === null ? '' : ` ${code}`}`;
  const read = (outcome: ReadAnswer['outcome'], isFinal = false): ReadAnswer => ({
    ...{ outcome, isFinal, error, reference: null },
  });
  // A proxy answers 503 also when it lost the gateway behind it: only with Retry-After it says that nothing was taken.
  if (status === 429 || (status === 503 && asksToWait) || matches(config.throttled)) return read('throttled');
  if (matches(config.final)) return read('refused', true);
  const isUnreadable = isSuccess && code === null;
  const isUnclear = status >= 500 || status === 408 || isUnreadable || matches(config.unclear);
  return read(isUnclear ? 'unclear' : 'refused');
}

const isLike = (code: string, pattern: string): boolean =>
  pattern.endsWith('*') ? code.startsWith(pattern.slice(0, -1)) : code === pattern;
