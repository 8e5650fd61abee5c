import { Injectable } from '@nestjs/common';
import { hashOfCode, newCode } from './one-time-codes.js';
import type { Person } from '../person.entity.js';
import { totpContext } from '../secret-contexts.js';
import { SecretBox } from '../../encryption/secret-box.js';
import { stepOf } from './totp.js';

const RECOVERY_CODES = 10;

/** 120 bits: they are kept for years, and a plain digest of fewer could be searched (ASVS 5.0, 6.5.2). */
const RECOVERY_LETTERS = 24;

/** What of a person changes once a code of theirs was taken. */
type Taken = Partial<Pick<Person, 'totpLastStep' | 'recoveryHashes'>>;

/** The codes of an authenticator, and those that stand in for it once when it is lost. */
@Injectable()
export class SecondFactor {
  constructor(private readonly box: SecretBox) {}

  seal(secret: Buffer, person: Pick<Person, 'id' | 'hospitalId'>): Buffer {
    return this.box.seal(secret, totpContext(person));
  }

  /** What to store when the code is right; undefined when it is wrong, or was taken before. */
  takeCode(person: Person, code: string, now: Date): Taken | undefined {
    if (person.totpSecret === null) return undefined;
    const secret = this.box.open(person.totpSecret, totpContext(person));
    const step = stepOf(code, secret, now, person.totpLastStep);
    return step === undefined ? undefined : { totpLastStep: step };
  }

  /** What to store when the code is one of those left, which it then is no more. */
  takeRecoveryCode({ recoveryHashes }: Person, code: string): Taken | undefined {
    const hash = hashOfCode(code).toString('hex');
    if (!recoveryHashes.includes(hash)) return undefined;
    return { recoveryHashes: recoveryHashes.filter((one) => one !== hash) };
  }

  newRecoveryCodes(): { codes: string[]; recoveryHashes: string[] } {
    const codes = Array.from({ length: RECOVERY_CODES }, () => newCode(RECOVERY_LETTERS));
    return { codes, recoveryHashes: codes.map((code) => hashOfCode(code).toString('hex')) };
  }
}
