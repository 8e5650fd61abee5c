import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto';

const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const BLIND_INDEX_BYTES = 16;

/** The context of a value. A value sealed in one context opens in no other. */
export interface SealContext {
  readonly table: string;
  readonly column: string;
  readonly row: string;
}

// `sealed:1:KEY:TEXT`: the version of the form, the number of the key, and nonce, tag and ciphertext in base64url.
const SEALED = /^sealed:1:(\d+):([\w-]+)$/;

/** The number of the key that sealed a stored value; null for a plain value of an older version. */
export function keyNumberOf(stored: string): number | null {
  const number = SEALED.exec(stored)?.[1];
  return number === undefined ? null : Number(number);
}

/** One hospital's keys: AES-256-GCM for values, HMAC-SHA-256 for blind indexes. */
export class HospitalKeys {
  readonly newest: number;

  /** `data` are the keys for values, by number. `index` is the key for blind indexes. */
  constructor(
    private readonly hospitalId: string,
    private readonly data: ReadonlyMap<number, Buffer>,
    private readonly index: Buffer,
  ) {
    this.newest = Math.max(...data.keys());
  }

  has(number: number): boolean {
    return this.data.has(number);
  }

  /** Encrypts a value with the newest key, and binds it to its context. */
  seal(value: string, context: SealContext): string {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv('aes-256-gcm', this.keyOf(this.newest), nonce).setAAD(
      this.authenticatedData(context),
    );
    const text = Buffer.concat([cipher.update(value, 'utf8'), cipher.final()]);
    const sealed = Buffer.concat([nonce, cipher.getAuthTag(), text]).toString('base64url');
    return `sealed:1:${this.newest}:${sealed}`;
  }

  /**
   * Decrypts a value that was sealed in this context. Returns a plain value unchanged. Throws if the stored value was
   * changed or moved to another context.
   */
  open(stored: string, context: SealContext): string {
    const [, number, encoded] = SEALED.exec(stored) ?? [];
    if (number === undefined || encoded === undefined) return stored;
    const sealed = Buffer.from(encoded, 'base64url');
    const textAt = NONCE_BYTES + TAG_BYTES;
    const decipher = createDecipheriv(
      'aes-256-gcm',
      this.keyOf(Number(number)),
      sealed.subarray(0, NONCE_BYTES),
    )
      .setAAD(this.authenticatedData(context))
      .setAuthTag(sealed.subarray(NONCE_BYTES, textAt));
    return decipher.update(sealed.subarray(textAt), undefined, 'utf8') + decipher.final('utf8');
  }

  /** The blind index of a value. It is equal only for equal values of the same kind in the same hospital. */
  blindIndex(kind: string, value: string): Buffer {
    return createHmac('sha256', this.index)
      .update(`${kind}|${value}`)
      .digest()
      .subarray(0, BLIND_INDEX_BYTES);
  }

  private keyOf(number: number): Buffer {
    const key = this.data.get(number);
    if (!key) throw new Error(`Hospital ${this.hospitalId} has no key ${number}.`);
    return key;
  }

  private authenticatedData({ table, column, row }: SealContext): Buffer {
    return Buffer.from([this.hospitalId, table, column, row].join('|'));
  }
}
