import { z } from 'zod';
import { Departments, MOST_DEPARTMENTS } from '../tenancy/departments.js';
import { pageBy, pageOf } from '../platform/http/paging.js';
import { text } from '../platform/text.js';
import { ROLES } from '../tenancy/caller.js';
import { AddressRanges, MOST_RANGES } from './address-range-schema.js';
import { issue } from '../platform/messages/issues.js';

export const LANGUAGES = ['zh', 'en'] as const;

/** A login in its canonical form: texts that look the same are equal. */
export const loginOf = (typed: string): string => typed.normalize('NFKC').trim().toLowerCase();

export const Login = text(64)
  .transform(loginOf)
  .refine((login) => /^[\p{L}\p{M}\p{N}._@-]{2,64}$/u.test(login), issue('login-form'))
  .meta({ type: 'string', description: 'Unique in the hospital; small and capital letters are the same' });

export const Roles = z
  .array(z.enum(ROLES))
  .min(1)
  .max(ROLES.length)
  .refine((roles) => new Set(roles).size === roles.length, issue('roles-once'));

const AccountLimits = {
  addresses: AddressRanges.describe('CIDR ranges from which the account is used; null: from anywhere'),
  expiresAt: z.iso
    .datetime({ offset: true })
    .transform((instant) => new Date(instant))
    .meta({ type: 'string', format: 'date-time' })
    .nullable()
    .describe('When the account ends; null: never'),
};
const INHERITED = 'Left out: as for the key or account that registers';

const Name = text(100).describe(
  'Written as author, and shown as the nurse of patients; where two people have one name, authors stand there with the login: 王芳（wang.fang2）',
);

export const PersonInput = z
  .strictObject({
    login: Login,
    name: Name,
    roles: Roles,
    departments: Departments.default(null),
    ownPatientsOnly: z.boolean().default(false).describe('Only patients for whom they are responsible'),
    language: z.enum(LANGUAGES).optional().describe("The hospital's where none is given"),
    addresses: AccountLimits.addresses.optional().describe(INHERITED),
    expiresAt: AccountLimits.expiresAt.optional().describe(INHERITED),
  })
  .meta({ id: 'PersonInput' });
export type PersonInput = z.output<typeof PersonInput>;

export const PersonPatch = z
  .strictObject({
    name: Name.optional(),
    roles: Roles.optional(),
    departments: Departments.optional(),
    ownPatientsOnly: z.boolean().optional(),
    language: z.enum(LANGUAGES).optional(),
    addresses: AccountLimits.addresses.optional(),
    expiresAt: AccountLimits.expiresAt.optional(),
    state: z.enum(['active', 'disabled']).optional().describe('disabled ends all their sessions'),
  })
  .meta({ id: 'PersonPatch' });
export type PersonPatch = z.output<typeof PersonPatch>;

export const PersonView = z
  .object({
    id: z.uuid(),
    login: z.string(),
    name: z.string(),
    roles: z.array(z.string()).max(ROLES.length),
    departments: z.array(z.string()).max(MOST_DEPARTMENTS).nullable(),
    ownPatientsOnly: z.boolean(),
    language: z.enum(LANGUAGES),
    addresses: z
      .array(z.string())
      .max(MOST_RANGES)
      .nullable()
      .describe('From which the account is used; null: anywhere'),
    expiresAt: z.iso.datetime().nullable().describe('When the account ends; null: never'),
    state: z.enum(['active', 'disabled']),
    passwordSet: z.boolean(),
    secondFactor: z.boolean(),
    setupExpiresAt: z.iso.datetime().nullable().describe('While a set-up code waits to be used'),
    createdBy: z.string(),
    createdAt: z.iso.datetime(),
  })
  .meta({ id: 'Person' });
export type PersonView = z.output<typeof PersonView>;

const SetupCode = z
  .string()
  .describe('Shown once: hand it over. With it the person signs in once and chooses a password.');

export const PersonCreated = PersonView.extend({ setupCode: SetupCode }).meta({ id: 'PersonCreated' });

export const ResetInput = z
  .strictObject({
    clearTotp: z.boolean().default(false).describe('Also forget their authenticator, which they have lost'),
    clearIdentities: z
      .boolean()
      .default(false)
      .describe('Also forget who they are at the systems that vouch for them, as administrators have said'),
  })
  .meta({ id: 'ResetInput' });
export type ResetInput = z.output<typeof ResetInput>;
export const ResetView = z
  .object({ setupCode: SetupCode, setupExpiresAt: z.iso.datetime() })
  .meta({ id: 'PersonReset' });

export const PersonQuery = pageBy(z.tuple([z.uuid()])).extend({
  state: z.enum(['active', 'disabled']).optional(),
});
export const PersonPage = pageOf('People', PersonView);
