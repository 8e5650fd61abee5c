import { z } from 'zod';
import { text } from '../../platform/text.js';
import { ROLES } from '../../tenancy/caller.js';
import { MOST_DEPARTMENTS } from '../../tenancy/departments.js';
import { LANGUAGES } from '../person-schemas.js';
import { MAX_SESSIONS } from './session.entity.js';
import { issue } from '../../platform/messages/issues.js';

const secret = (max: number): z.ZodString => z.string().min(1).max(max);

/** Longer than any allowed password; `passwords.ts` checks a chosen one. */
export const Password = secret(512);
export const TotpCode = z.string().regex(/^\d{6}$/, issue('six-digits'));

export const SignInInput = z
  .strictObject({
    hospital: text(64).describe('The code of the hospital'),
    login: text(200),
    password: Password.optional(),
    setupCode: secret(64).optional().describe('The code an administrator handed over, instead of a password'),
    newPassword: Password.optional().describe('With a set-up code, and when the password has grown old'),
    totp: TotpCode.optional().describe('The code an authenticator shows, once one is enrolled'),
    recoveryCode: secret(64).optional().describe('One of the codes that stand in for the authenticator'),
    as: z
      .enum(['cookie', 'token'])
      .default('cookie')
      .describe('A browser is given a cookie that scripts cannot read; a program asks for the token'),
  })
  .refine(({ password, setupCode }) => (password === undefined) !== (setupCode === undefined), {
    path: ['password'],
    error: issue('password-or-setup-code'),
  })
  .meta({ id: 'SignInInput' });
export type SignInInput = z.output<typeof SignInInput>;

/** The caller's own account in an answer. */
export const MeView = z
  .object({
    kind: z.enum(['person', 'key']),
    id: z.uuid(),
    name: z.string(),
    hospital: z.object({
      id: z.uuid(),
      code: z.string().nullable(),
      name: z.string(),
      today: z.iso.date().describe('The day at the hospital'),
      timeZone: z.string(),
      idleMinutes: z.int().describe('After so many minutes without a request a session ends'),
      isSetUp: z.boolean().describe('Whether the first run is finished'),
      isDemonstration: z.boolean().describe('Whether all patients are invented'),
    }),
    roles: z.array(z.string()).max(ROLES.length),
    departments: z
      .array(z.string())
      .max(MOST_DEPARTMENTS)
      .nullable()
      .describe('Whose patients are seen; null: of every department'),
    ownPatientsOnly: z.boolean(),
    login: z.string().optional(),
    language: z.enum(LANGUAGES).optional(),
    secondFactor: z.boolean().optional().describe('Whether a code is asked for at sign-in'),
    recoveryCodesLeft: z.int().optional(),
  })
  .meta({ id: 'Me' });
export type MeView = z.output<typeof MeView>;

export const SessionStartedView = z
  .object({
    person: z.object({
      id: z.uuid(),
      login: z.string(),
      name: z.string(),
      roles: z.array(z.string()).max(ROLES.length),
    }),
    expiresAt: z.iso.datetime().describe('At the latest; sooner when it is left idle'),
    token: z
      .string()
      .optional()
      .describe('Only where it was asked for: send it as "Authorization: Bearer TOKEN"'),
  })
  .meta({ id: 'SessionStarted' });
export type SessionStartedView = z.output<typeof SessionStartedView>;

export const SessionView = z
  .object({
    id: z.uuid(),
    kind: z.enum(['cookie', 'token']),
    address: z.string(),
    device: z.string().describe('What the browser or program called itself'),
    startedAt: z.iso.datetime(),
    lastSeenAt: z.iso.datetime().describe('To the minute'),
    expiresAt: z.iso.datetime(),
    current: z.boolean().describe('Whether it is the one that asks'),
  })
  .meta({ id: 'Session' });
export type SessionView = z.output<typeof SessionView>;
export const SessionList = z
  .object({ items: z.array(SessionView).max(MAX_SESSIONS) })
  .meta({ id: 'Sessions' });
export type SessionList = z.output<typeof SessionList>;

export const MePatch = z.strictObject({ language: z.enum(LANGUAGES) }).meta({ id: 'MePatch' });

export const PasswordInput = z
  .strictObject({ password: Password, newPassword: Password })
  .meta({ id: 'PasswordInput' });
export const PasswordProof = z
  .strictObject({ password: Password.describe('The present one: who is asked knows it') })
  .meta({ id: 'PasswordProof' });
export const FreshProof = z
  .strictObject({
    password: Password.describe('The present one'),
    code: TotpCode.optional().describe('Of the authenticator, where one is enrolled'),
    recoveryCode: secret(64).optional().describe('Stands in once for a lost authenticator'),
  })
  .meta({ id: 'FreshProof' });
export type FreshProof = z.output<typeof FreshProof>;
export const StepUpView = z
  .object({ until: z.iso.datetime().describe('How long access rights can be changed in this session') })
  .meta({ id: 'StepUp' });
export const TotpConfirmation = z.strictObject({ code: TotpCode }).meta({ id: 'TotpConfirmation' });
export const TotpEnrolment = z
  .object({ secret: z.string().describe('Base32'), otpauthUri: z.string().describe('For a QR code') })
  .meta({ id: 'TotpEnrolment' });
export const RecoveryCodes = z
  .object({ recoveryCodes: z.array(z.string()).max(10).describe('Shown once; each stands in for one code') })
  .meta({ id: 'RecoveryCodes' });
