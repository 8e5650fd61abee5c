import { Injectable } from '@nestjs/common';
import { hashOfCode, newCode } from './one-time-codes.js';
import type { Person } from '../person.entity.js';
import { totpContext } from '../secret-contexts.js';
import { SecretBox } from '../../encryption/secret-box.js';
import { stepOf } from './totp.js';

const RECOVERY_CODES = 10;

/** 120 bits: codes are kept for years, and a plain digest of fewer bits could be searched (ASVS 5.0, 6.5.2). */
const RECOVERY_LETTERS = 24;

/** The changed columns of a person after an accepted code. */
type Taken = Partial<Pick<Person, 'totpLastStep' | 'recoveryHashes'>>;

/** The codes of an authenticator, and the recovery codes, each of which replaces a lost authenticator once. */
@Injectable()
export class SecondFactor {
  constructor(private readonly box: SecretBox) {}

  seal(secret: Buffer, person: Pick<Person, 'id' | 'hospitalId'>): Buffer {
    return this.box.seal(secret, totpContext(person));
  }

  /** The columns to store if the code is right; undefined when it is wrong or was accepted before. */
  takeCode(person: Person, code: string, now: Date): Taken | undefined {
    if (person.totpSecret === null) return undefined;
    const secret = this.box.open(person.totpSecret, totpContext(person));
    const step = stepOf(code, secret, now, person.totpLastStep);
    return step === undefined ? undefined : { totpLastStep: step };
  }

  /** The columns to store if the code is a remaining recovery code, which is then used up. */
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
