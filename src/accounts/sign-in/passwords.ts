import argon2 from '@node-rs/argon2';
import { dictionary } from '@zxcvbn-ts/language-common';
import type { FieldFault } from '../../platform/domain-error.js';
import type { Message } from '../../guideline/message.js';
import { msg } from '../../platform/messages/dictionary.js';
import type { PasswordPolicy } from '../../tenancy/password-policy.js';

const LONGEST = 128;
const SHORTEST = 8;
/** The minimum length without a second factor. */
const SHORTEST_ALONE = 15;
const MLPS_DAYS = 90;
const MLPS_HISTORY = 5;

/** The facts that decide whether a password is accepted. */
export interface PasswordSetting {
  readonly policy: PasswordPolicy;
  /** Whether a code of an authenticator is also required. */
  readonly secondFactor: boolean;
  /** Words that it must not contain: login, names, the hospital. */
  readonly known: readonly string[];
}

/** Normalizes passwords that look the same on a keyboard or come from another input method. */
const normalised = (password: string): string => password.normalize('NFKC');

// OWASP's minimum: 19 MiB, two passes. Fixed here, because the library's defaults must not change under stored
// hashes.
const ARGON2ID = { algorithm: 2, memoryCost: 19_456, timeCost: 2, parallelism: 1 };

export const hashOfPassword = (password: string): Promise<string> =>
  argon2.hash(normalised(password), ARGON2ID);

export const isPassword = (stored: string, password: string): Promise<boolean> =>
  argon2.verify(stored, normalised(password));

// The hash of an unknown random password, with the same parameters.
const NOBODYS =
  '$argon2id$v=19$m=19456,t=2,p=1$UGCnl6UJKMS09vUr49PetQ$lsKPq3tNvbvuH4I2o8apVXwXBipVukd98ceGmBs2Vro';

/** Takes as long as a wrong password, so that the duration does not reveal which logins exist. */
export const isNobodysPassword = async (password: string): Promise<false> => {
  await isPassword(NOBODYS, password);
  return false;
};

const COMMON = new Set(dictionary['passwords-common'].map((one) => one.toLowerCase()));

/** Why a chosen password is refused, apart from reuse; `at` is the pointer to its field. */
export function passwordFaults(password: string, setting: PasswordSetting, at: string): FieldFault[] {
  const text = normalised(password);
  const length = [...text].length;
  const shortest = setting.policy === 'asvs5' && !setting.secondFactor ? SHORTEST_ALONE : SHORTEST;
  const fault = (code: string, message: Message): FieldFault => ({ pointer: at, code, message });
  const faults: FieldFault[] = [];
  if (length < shortest)
    faults.push(
      fault(
        'password-too-short',
        shortest === SHORTEST_ALONE
          ? msg('password-shorter-with-code', { shortest, withCode: SHORTEST })
          : msg('password-too-short', { shortest }),
      ),
    );
  if (length > LONGEST)
    faults.push(fault('password-too-long', msg('password-too-long', { longest: LONGEST })));
  if (isCommon(text.toLowerCase())) faults.push(fault('password-common', msg('password-common')));
  if (setting.known.some((one) => contains(text, one)))
    faults.push(fault('password-obvious', msg('password-obvious')));
  if (setting.policy === 'mlps3' && kindsIn(text) < 3)
    faults.push(fault('password-too-simple', msg('password-too-simple')));
  return faults;
}

/** A common password, plain, with digits or signs around it, or repeated. */
function isCommon(text: string): boolean {
  const core = text.replace(/^[^\p{L}]+|[^\p{L}]+$/gu, '');
  const unit = /^(.+?)\1+$/u.exec(text)?.[1];
  return (
    COMMON.has(text) || COMMON.has(core) || (unit !== undefined && (unit.length < 4 || COMMON.has(unit)))
  );
}

function contains(text: string, known: string): boolean {
  const wanted = normalised(known).toLowerCase();
  return [...wanted].length >= 3 && text.toLowerCase().includes(wanted);
}

const kindsIn = (text: string): number =>
  [/\p{Ll}/u, /\p{Lu}/u, /\p{Nd}/u, /[^\p{Ll}\p{Lu}\p{Nd}]/u].filter((kind) => kind.test(text)).length;

/** Whether it is the current password or, where the policy remembers them, one of the last ones. */
export async function wasUsed(
  password: string,
  { present, former }: { readonly present: string | null; readonly former: readonly string[] },
  policy: PasswordPolicy,
): Promise<boolean> {
  const all = formerWith(present, former);
  const remembered = policy === 'mlps3' ? all : present === null ? [] : [present];
  for (const one of remembered) if (await isPassword(one, password)) return true;
  return false;
}

/** The remembered passwords after `present` is replaced. */
export const formerWith = (present: string | null, former: readonly string[]): string[] =>
  (present === null ? [...former] : [present, ...former]).slice(0, MLPS_HISTORY);

/** Whether the policy requires a new password by now. */
export const isTooOld = (policy: PasswordPolicy, changedAt: Date, now: Date): boolean =>
  policy === 'mlps3' && now.getTime() - changedAt.getTime() >= MLPS_DAYS * 86_400_000;
