import type { GatewayConfig } from './gateway-config.js';
import { parsedJson } from './gateway-form.js';

/** How a gateway answered one attempt. `final`: refused, and no repetition can help. */
export interface ReadAnswer {
  readonly outcome: 'accepted' | 'refused' | 'throttled';
  readonly isFinal: boolean;
  readonly error: string | null;
  /** The gateway's own number of the message. */
  readonly reference: string | null;
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
 * they refuse. An answer that cannot be read accepts nothing.
 */
export function readAnswer(
  { success, codePath, referencePath, throttled, final }: GatewayConfig,
  status: number,
  body: string,
): ReadAnswer {
  const answer = parsedJson(body) ?? null;
  const codeAt = codePath ?? success?.path;
  const code = codeAt === undefined ? null : valueAt(answer, codeAt);
  const isSuccess = status >= 200 && status < 300;
  const value = success === undefined ? null : valueAt(answer, success.path);
  if (isSuccess && (success === undefined || (value !== null && success.values.includes(value)))) {
    const reference = referencePath === undefined ? null : valueAt(answer, referencePath);
    return {
      ...{ outcome: 'accepted', isFinal: false, error: null },
      reference: reference?.slice(0, LONGEST_REFERENCE) ?? null,
    };
  }
  const error = `answered ${status}${code === null ? '' : ` ${code}`}`;
  const matches = (patterns: readonly string[]): boolean =>
    code !== null && patterns.some((pattern) => isLike(code, pattern));
  if (status === 429 || status === 503 || matches(throttled))
    return { outcome: 'throttled', isFinal: false, error, reference: null };
  return { outcome: 'refused', isFinal: matches(final), error, reference: null };
}

const isLike = (code: string, pattern: string): boolean =>
  pattern.endsWith('*') ? code.startsWith(pattern.slice(0, -1)) : code === pattern;
