import { z } from 'zod';
import { MOST_IDENTITIES } from '../people/linked-identities.js';
import { pageBy, pageOf } from '../../platform/http/paging.js';
import { text } from '../../platform/text.js';
import { ROLES } from '../../tenancy/caller.js';
import { issue } from '../../platform/messages/issues.js';

const Code = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{1,19}$/, issue('code-form'))
  .describe('Stands in the address at which signing in begins: /sso/{hospital}/{code}/start');

const RoleMap = z
  .record(
    z.string().min(1).max(200),
    z
      .array(z.enum(ROLES).exclude(['platform_operator']))
      .min(1)
      .max(ROLES.length),
  )
  .refine((map) => Object.keys(map).length <= 200, issue('too-many-values', { limit: 200 }))
  .describe('What roles each value of the claim gives; never the platform operator’s');

const fields = {
  name: text(100),
  clientId: text(200),
  clientSecret: text(500).nullable().describe('Never shown again; null: a public client'),
  roleClaim: text(100).describe('The claim of the ID token from which roles are read'),
  roleMap: RoleMap,
  autoCreate: z
    .boolean()
    .describe('Whether somebody not known yet, whose claims give them a role, is registered'),
  enabled: z.boolean().describe('false ends all sessions that began there'),
  secondFactorTrusted: z
    .boolean()
    .describe(
      'Whether the provider always asks for a second factor; if false, its ID token says so in amr (mfa)',
    ),
};

export const SsoProviderInput = z
  .strictObject({
    code: Code,
    issuer: z.url(issue('not-an-address')).max(500).describe('As its discovery document says; https'),
    ...fields,
    clientSecret: fields.clientSecret.default(null),
    roleClaim: fields.roleClaim.default('groups'),
    roleMap: RoleMap.default({}),
    autoCreate: fields.autoCreate.default(false),
    enabled: fields.enabled.default(true),
    secondFactorTrusted: fields.secondFactorTrusted.default(false),
  })
  .meta({ id: 'SsoProviderInput' });
export type SsoProviderInput = z.output<typeof SsoProviderInput>;

export const SsoProviderPatch = z.strictObject(fields).partial().meta({ id: 'SsoProviderPatch' });
export type SsoProviderPatch = z.output<typeof SsoProviderPatch>;

export const SsoProviderView = z
  .object({
    id: z.uuid(),
    code: z.string(),
    name: z.string(),
    issuer: z.string(),
    clientId: z.string(),
    hasClientSecret: z.boolean(),
    roleClaim: z.string(),
    roleMap: z.record(z.string(), z.array(z.string()).max(ROLES.length)),
    autoCreate: z.boolean(),
    enabled: z.boolean(),
    secondFactorTrusted: z.boolean(),
    createdBy: z.string(),
    createdAt: z.iso.datetime(),
  })
  .meta({ id: 'SsoProvider' });
export type SsoProviderView = z.output<typeof SsoProviderView>;

export const SsoProviderTestView = z
  .object({
    redirectUri: z.string().describe('To be allowed at the provider, for the address of this program'),
    signInAt: z.string().nullable().describe('Where its people enter their password'),
    keys: z.int().describe('How many signing keys it publishes; at least one is needed'),
    fault: z.string().nullable().describe('Why it could not be asked; null: it answers as it should'),
  })
  .meta({ id: 'SsoProviderTest' });
export type SsoProviderTestView = z.output<typeof SsoProviderTestView>;

export const SsoProviderQuery = pageBy(z.tuple([z.uuid()]));
export const SsoProviderPage = pageOf('SsoProviders', SsoProviderView);

export const IdentityInput = z
  .strictObject({
    provider: Code,
    subject: text(255).describe('The claim sub: what the provider itself knows them by, for ever'),
  })
  .meta({ id: 'IdentityInput' });
export type IdentityInput = z.output<typeof IdentityInput>;

export const PersonIdentityView = z
  .object({
    provider: z.string().describe('The code of the provider'),
    providerName: z.string(),
    subject: z.string(),
    createdByProvider: z
      .boolean()
      .describe(
        'The account came into being by a sign-in there and has its roles from there; this link stays',
      ),
  })
  .meta({ id: 'PersonIdentity' });
export type PersonIdentityView = z.output<typeof PersonIdentityView>;

export const PersonIdentities = z
  .object({ items: z.array(PersonIdentityView).max(MOST_IDENTITIES) })
  .meta({ id: 'PersonIdentities' });

/** A part of an address; an invalid code has the same answer as an unknown one. */
export const CodeParam = text(64);
