import { IANAZone } from 'luxon';
import { z } from 'zod';
import { isPrivateRange } from '../platform/outbound/outbound-address.js';
import { pageBy, pageOf } from '../platform/http/paging.js';
import { text } from '../platform/text.js';
import { rangeOf } from '../platform/outbound/address-range.js';
import { PASSWORD_POLICIES } from '../tenancy/password-policy.js';
import { LANGUAGES, Login } from '../accounts/person-schemas.js';
import { issue } from '../platform/messages/issues.js';

const Code = z
  .string()
  .trim()
  .toLowerCase()
  .regex(/^[a-z0-9][a-z0-9-]{1,19}$/, issue('code-form'))
  .describe('What its people give beside their login');
const TimeZone = z
  .string()
  .max(100)
  .refine((zone) => IANAZone.isValidZone(zone), issue('time-zone-form'))
  .describe('IANA name; decides what "today" is and when reminders leave');
const SignInRules = {
  passwordPolicy: z
    .enum(PASSWORD_POLICIES)
    .describe('asvs5: long passwords that last. mlps3: three kinds of characters, changed every 90 days'),
  idleMinutes: z.int().min(5).max(60).describe('After so many minutes without a request a session ends'),
};

const Networks = z
  .array(
    z.strictObject({
      range: z
        .string()
        .max(50)
        .transform((written) => rangeOf(written) ?? written)
        .refine(
          (range) => rangeOf(range) !== undefined && isPrivateRange(range),
          issue('private-network-form'),
        )
        .meta({ type: 'string' }),
      port: z.int().min(1).max(65_535),
    }),
  )
  .max(50)
  .describe(
    'Private networks that its webhooks and its identity provider may be in: a CIDR range (or one address) and a port',
  );

export const HospitalInput = z
  .strictObject({
    name: text(200),
    code: Code,
    timeZone: TimeZone.default('Asia/Shanghai'),
    language: z.enum(LANGUAGES).default('zh'),
    passwordPolicy: SignInRules.passwordPolicy.default('asvs5'),
    idleMinutes: SignInRules.idleMinutes.default(15),
    networks: Networks.default([]),
    administrator: z.strictObject({ login: Login, name: text(100) }).describe('Its first administrator'),
  })
  .meta({ id: 'HospitalInput' });
export type HospitalInput = z.output<typeof HospitalInput>;

export const HospitalPatch = z
  .strictObject({
    name: text(200).optional(),
    code: Code.optional(),
    timeZone: TimeZone.optional(),
    language: z.enum(LANGUAGES).optional(),
    passwordPolicy: SignInRules.passwordPolicy.optional(),
    idleMinutes: SignInRules.idleMinutes.optional(),
    networks: Networks.optional(),
  })
  .meta({ id: 'HospitalPatch' });
export type HospitalPatch = z.output<typeof HospitalPatch>;

export const HospitalView = z
  .object({
    id: z.uuid(),
    name: z.string(),
    code: z.string().nullable(),
    timeZone: z.string(),
    language: z.enum(LANGUAGES),
    ...SignInRules,
    networks: z.array(z.object({ range: z.string(), port: z.int() })),
    createdAt: z.iso.datetime(),
  })
  .meta({ id: 'Hospital' });
export type HospitalView = z.output<typeof HospitalView>;

export const HospitalCreated = HospitalView.extend({
  administrator: z.object({
    id: z.uuid(),
    login: z.string(),
    setupCode: z.string().describe('Shown once: with it the administrator signs in and chooses a password'),
    setupExpiresAt: z.iso.datetime(),
  }),
}).meta({ id: 'HospitalCreated' });

export const HospitalQuery = pageBy(z.tuple([z.uuid()]));
export const HospitalPage = pageOf('Hospitals', HospitalView);
