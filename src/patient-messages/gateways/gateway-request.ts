import type { GatewayConfig } from './gateway-config.js';
import { decodedBraces, parsedJson } from './gateway-form.js';

/** The values of the words in braces, by name. */
export type GatewayWords = Readonly<Record<string, string>>;

export interface GatewayRequest {
  readonly url: string;
  readonly method: 'GET' | 'POST';
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

const BRACED = /\{(\w+)\}/g;

const fill = (template: string, words: GatewayWords, encode: (value: string) => string): string =>
  template.replace(BRACED, (whole, name: string) =>
    Object.hasOwn(words, name) ? encode(words[name] ?? '') : whole,
  );

const asItIs = (value: string): string => value;

/** The request for one message. A value never changes the structure of address or body: it is encoded where it stands. */
export function gatewayRequest(config: GatewayConfig, words: GatewayWords): GatewayRequest {
  const { method, bodyFormat, body } = config;
  const url = fill(decodedBraces(config.url), words, encodeURIComponent);
  const own = Object.fromEntries(
    Object.entries(config.headers).map(([name, value]) => [name.toLowerCase(), fill(value, words, asItIs)]),
  );
  if (method === 'GET') return { url, method, headers: { 'user-agent': 'nedwatch', ...own } };
  const type =
    bodyFormat === 'json' ? 'application/json; charset=utf-8' : 'application/x-www-form-urlencoded';
  return {
    ...{ url, method, headers: { 'user-agent': 'nedwatch', 'content-type': type, ...own } },
    body: bodyFormat === 'json' ? filledJson(body ?? '', words) : fill(body ?? '', words, encodeURIComponent),
  };
}

const filledJson = (body: string, words: GatewayWords): string =>
  JSON.stringify(filledIn(parsedJson(body), words));

/** Fills the strings of a JSON value, also of JSON that stands in a string, as a vendor's `TemplateParam` does. */
function filledIn(value: unknown, words: GatewayWords): unknown {
  if (typeof value === 'string') {
    const inner = /^\s*[{[]/.test(value) ? parsedJson(value) : undefined;
    return typeof inner === 'object' && inner !== null
      ? JSON.stringify(filledIn(inner, words))
      : fill(value, words, asItIs);
  }
  if (Array.isArray(value)) return value.map((one: unknown) => filledIn(one, words));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, filledIn(one, words)]));
}
