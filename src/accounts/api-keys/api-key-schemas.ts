import { z } from 'zod';
import { pageBy, pageOf } from '../../platform/http/paging.js';
import { text } from '../../platform/text.js';
import { AddressRanges, MOST_RANGES } from '../address-range-schema.js';
import { KeySetInput, KeySetView } from '../key-set.js';
import { Roles } from '../person-schemas.js';
import { ROLES } from '../../tenancy/caller.js';
import { Departments, MOST_DEPARTMENTS } from '../../tenancy/departments.js';
import { SCOPES } from '../../tenancy/rights.js';

export const ApiKeyInput = z
  .strictObject({
    name: text(100),
    roles: Roles,
    scopes: z
      .array(z.enum(SCOPES))
      .min(1)
      .max(SCOPES.length)
      .nullable()
      .default(null)
      .describe('What it is limited to within its roles; null: all of it'),
    departments: Departments.default(null),
    addresses: AddressRanges.default(null).describe(
      'CIDR ranges from which it is taken; null: from anywhere',
    ),
    expiresInDays: z
      .int()
      .min(1)
      .max(365)
      .optional()
      .describe('90 where left out, or until the key or account that creates it ends'),
  })
  .meta({ id: 'ApiKeyInput' });
export type ApiKeyInput = z.output<typeof ApiKeyInput>;

/** A machine that signs in with a private key of its own; nothing secret passes. */
export const ClientInput = ApiKeyInput.extend({
  keySet: KeySetInput.describe('Its public keys: RSA for RS384, or P-384 for ES384'),
}).meta({ id: 'ClientInput' });
export type ClientInput = z.output<typeof ClientInput>;

const instant = z.iso.datetime().nullable();

export const ApiKeyView = z
  .object({
    id: z.uuid(),
    name: z.string(),
    roles: z.array(z.string()).max(ROLES.length),
    scopes: z.array(z.string()).max(SCOPES.length).nullable(),
    departments: z.array(z.string()).max(MOST_DEPARTMENTS).nullable(),
    addresses: z.array(z.string()).max(MOST_RANGES).nullable(),
    lastFour: z.string().nullable(),
    keySet: KeySetView.nullable().describe(
      'The public keys by which it signs in; null: it sends the key itself',
    ),
    createdBy: z.string().nullable(),
    createdAt: z.iso.datetime(),
    expiresAt: instant,
    lastUsedAt: instant.describe('To the minute'),
    revokedAt: instant,
  })
  .meta({ id: 'ApiKey' });
export type ApiKeyView = z.output<typeof ApiKeyView>;

export const ApiKeyCreated = ApiKeyView.extend({
  key: z.string().describe('Shown once: send it as "Authorization: Bearer KEY"'),
}).meta({ id: 'ApiKeyCreated' });

export const ApiKeyQuery = pageBy(z.tuple([z.uuid()]));
export const ApiKeyPage = pageOf('ApiKeys', ApiKeyView);
