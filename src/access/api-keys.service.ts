import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { isWithin } from './address-range.js';
import type { Caller, Role } from './caller.js';

export const hashOfKey = (key: string): Buffer => createHash('sha256').update(key).digest();

interface KeyRow {
  readonly id: string;
  readonly hospitalId: string;
  readonly name: string;
  readonly roles: Role[];
  readonly scopes: string[] | null;
  readonly departments: string[] | null;
  readonly addresses: string[] | null;
}

@Injectable()
export class ApiKeys {
  constructor(private readonly dataSource: DataSource) {}

  /** Whoever comes with `key` from `address`; undefined for a key that is unknown, revoked, expired or not from there. */
  async callerOf(key: string, address: string): Promise<Caller | undefined> {
    const [found] = await this.dataSource.query<KeyRow[]>(
      `SELECT id, hospital_id AS "hospitalId", name, roles, scopes, departments, addresses FROM api_key_of($1)
        WHERE revoked_at IS NULL AND (expires_at IS NULL OR expires_at > program_now())`,
      [hashOfKey(key)],
    );
    if (!found || (found.addresses && !isWithin(address, found.addresses))) return undefined;
    const { id, name, hospitalId, roles, scopes, departments } = found;
    return { kind: 'key', id, name, hospitalId, roles, scopes, reach: { departments, ownOnly: false } };
  }
}
