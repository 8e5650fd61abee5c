import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { DataSource, IsNull } from 'typeorm';
import { ApiKey } from './api-key.entity.js';

export const hashOfKey = (key: string): Buffer => createHash('sha256').update(key).digest();

@Injectable()
export class ApiKeys {
  constructor(private readonly dataSource: DataSource) {}

  /** The hospital that `key` opens; undefined when it opens none. */
  async hospitalOf(key: string): Promise<string | undefined> {
    const found = await this.dataSource
      .getRepository(ApiKey)
      .findOneBy({ keyHash: hashOfKey(key), revokedAt: IsNull() });
    return found?.hospitalId;
  }
}
