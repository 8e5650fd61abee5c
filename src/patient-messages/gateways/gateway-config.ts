import { z } from 'zod';

import { issue } from '../../platform/messages/issues.js';
import { text } from '../../platform/text.js';
import { ALL_PLACEHOLDERS, type Occasion, OCCASIONS } from '../settings/occasions.js';
import { decodedBraces, isJsonTemplate, isPath } from './gateway-form.js';

/** What only the program knows of a message: its id, the number, the whole text, and the vendor's template of the occasion. */
const OF_GATEWAY = ['id', 'number', 'text', 'template', 'occasion'] as const;
export const GATEWAY_PLACEHOLDERS: readonly string[] = [...OF_GATEWAY, ...ALL_PLACEHOLDERS];

const MOST_HEADERS = 20;
const MOST_CODES = 50;

const placeholdersOf = (written: string): string[] =>
  [...written.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? '');

const onlyKnown = (written: string): boolean =>
  placeholdersOf(written).every((name) => GATEWAY_PLACEHOLDERS.includes(name));
const UNKNOWN = issue('gateway-placeholders', { known: GATEWAY_PLACEHOLDERS.map((name) => `{${name}}`) });

const HeaderName = z
  .string()
  .regex(
    /^(?!(?:content-length|host|connection|transfer-encoding)$)[a-z0-9-]{1,100}$/i,
    issue('gateway-header'),
  );
const HeaderValue = z
  .string()
  .max(4000)
  .regex(/^[\x20-\x7e]*$/, issue('not-text'))
  .refine((value) => placeholdersOf(value).every((name) => name === 'id'), {
    error: issue('gateway-placeholders', { known: ['{id}'] }),
  });

const Path = z
  .string()
  .max(200)
  .refine(isPath, { error: issue('gateway-path') });
const Codes = z.array(text(200)).max(MOST_CODES);

/** By the two vendors' documentation: the sender was too fast, or the number has had too many messages. */
const THROTTLED = ['isv.BUSINESS_LIMIT_CONTROL', 'isv.DAY_LIMIT_CONTROL', 'Throttling*', 'LimitExceeded.*'];
/** No repetition can help. */
const FINAL = [
  ...['isv.MOBILE_NUMBER_ILLEGAL', 'isv.MOBILE_COUNT_OVER_LIMIT', 'isv.BLACK_KEY_CONTROL_LIMIT'],
  ...['InvalidParameterValue.IncorrectPhoneNumber', 'FailedOperation.PhoneNumberInBlacklist'],
];

/** Where one of the vendors refuses a whole request, such as one with a wrong signature. */
const ERROR_PATH = 'Response.Error.Code';
/** The vendor's own fault: whether it took the message is open. */
const UNCLEAR = ['isp.SYSTEM_ERROR', 'isp.UNKNOWN_ERR_CODE', 'InternalError*', 'ServiceUnavailable*'];

/** The hospital's SMS gateway: one HTTP request for each message. */
export const GatewayConfig = z
  .strictObject({
    url: z.url({ protocol: /^https?$/, error: issue('http-address') }).max(2000),
    method: z.enum(['POST', 'GET']).default('POST'),
    headers: z
      .record(HeaderName, HeaderValue)
      .refine((headers) => Object.keys(headers).length <= MOST_HEADERS, {
        error: issue('gateway-header'),
      })
      .default({})
      .describe('Stored sealed, and never shown again. A value may contain {id}'),
    bodyFormat: z.enum(['json', 'form']).default('json'),
    body: z
      .string()
      .max(10_000)
      .refine(onlyKnown, { error: UNKNOWN })
      .optional()
      .describe(`With these words in braces: ${GATEWAY_PLACEHOLDERS.join(', ')}`),
    success: z
      .strictObject({ path: Path, values: Codes.min(1) })
      .optional()
      .describe(
        'The field of the answer that says whether the message was accepted. Default: any status 2xx',
      ),
    codePath: Path.optional().describe("The field with the gateway's code; default: that of `success`"),
    errorPath: Path.default(ERROR_PATH).describe(
      'The field with the code where the gateway refuses the whole request, and the other fields are missing',
    ),
    referencePath: Path.optional().describe("The field with the gateway's own number of the message"),
    throttled: Codes.default(THROTTLED).describe(
      'Codes that mean: later. `*` at the end stands for any ending',
    ),
    final: Codes.default(FINAL).describe('Codes after which no further attempt is made'),
    unclear: Codes.default(UNCLEAR).describe(
      'Codes that leave open whether the message was taken, like a status 5xx and no answer',
    ),
    deduplicates: z
      .boolean()
      .default(false)
      .describe(
        'Whether the gateway takes an {id} only once. If so, an attempt with an unclear end is repeated; if not, a person decides',
      ),
    repeated: Codes.default([]).describe(
      'Codes or statuses by which it refuses an {id} that it has taken before: the message counts as sent',
    ),
    templates: z
      .partialRecord(z.enum(OCCASIONS), text(100))
      .default({})
      .describe("The vendor's template for each occasion: the word {template}"),
    perMinute: z.int().min(1).max(6000).default(60).describe('So many attempts begin in a minute at most'),
  })
  .superRefine((config, ctx) => {
    const fault = (path: string, message: string): void =>
      void ctx.addIssue({ code: 'custom', path: [path], message });
    const { url, method, body = '', bodyFormat, headers } = config;
    // An address with braces is written as {number} or, by some libraries, encoded.
    const address = decodedBraces(url);
    if (!onlyKnown(address)) fault('url', UNKNOWN);
    if (method === 'GET' && body !== '') fault('body', issue('gateway-get-body'));
    const names = placeholdersOf(address + body);
    if (!names.includes('number') || !(names.includes('text') || names.includes('template')))
      fault(
        'body',
        issue('gateway-needs-number-and-text', {
          number: '{number}',
          text: '{text}',
          template: '{template}',
        }),
      );
    if (![...names, ...placeholdersOf(Object.values(headers).join(' '))].includes('id'))
      fault('body', issue('gateway-needs-id', { id: '{id}' }));
    if (method === 'POST' && bodyFormat === 'json' && !isJsonTemplate(body))
      fault('body', issue('gateway-body-json', { number: '{number}' }));
  })
  .meta({ id: 'MessageGatewayInput' });
export type GatewayConfig = z.output<typeof GatewayConfig>;

/** A stored gateway. An older version did not know all fields. */
export const gatewayIn = (stored: string): GatewayConfig => ({
  ...{ errorPath: ERROR_PATH, unclear: UNCLEAR, deduplicates: false, repeated: [] },
  ...(JSON.parse(stored) as GatewayConfig),
});

const TemplateCode = z.string().optional();

/** The gateway as it may be shown: of headers the names alone, of the address no query. */
export const MessageGatewayView = z
  .object({
    url: z.string().describe('Without the values of its query'),
    method: z.string(),
    headers: z.array(z.string()).max(MOST_HEADERS).describe('Their names'),
    bodyFormat: z.string(),
    body: z.string().nullable(),
    success: z.object({ path: z.string(), values: z.array(z.string()).max(MOST_CODES) }).nullable(),
    codePath: z.string().nullable(),
    errorPath: z.string(),
    referencePath: z.string().nullable(),
    throttled: z.array(z.string()).max(MOST_CODES),
    final: z.array(z.string()).max(MOST_CODES),
    unclear: z.array(z.string()).max(MOST_CODES),
    deduplicates: z.boolean(),
    repeated: z.array(z.string()).max(MOST_CODES),
    templates: z.object({
      ...{ appointment_tomorrow: TemplateCode, due_soon: TemplateCode, overdue: TemplateCode },
      ...{ not_attended: TemplateCode, result_in_range: TemplateCode, call_announced: TemplateCode },
    } satisfies Record<Occasion, unknown>),
    perMinute: z.int(),
    pausedUntil: z.iso.datetime().nullable().describe('No attempt is made before this instant'),
    waiting: z.int().describe('Messages whose attempt is due or deferred'),
    uncertain: z.int().describe('Messages that a person has to settle: GET /patient-messages/uncertain'),
    changedBy: z.string(),
    changedAt: z.iso.datetime(),
  })
  .meta({ id: 'MessageGateway' });

const HIDDEN = '***';

/** Hides the values of the query, which may be credentials, except words in braces. */
export function shownAddress(url: string): string {
  const [address, query] = decodedBraces(url).split('?', 2);
  if (query === undefined) return address ?? '';
  const shown = query.split('&').map((pair) => {
    const [name, value = ''] = pair.split('=', 2);
    return /^\{\w+\}$/.test(value) ? pair : `${name}=${HIDDEN}`;
  });
  return `${address}?${shown.join('&')}`;
}
