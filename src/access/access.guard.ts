import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { DomainError } from '../domain-error.js';
import { ApiKeys } from './api-keys.service.js';

/** Who asks, once known; set by the guard, read by the scope interceptor. */
export interface Identified {
  hospitalId?: string;
}

/** Lets nobody into the API without a valid key. */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(private readonly apiKeys: ApiKeys) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<FastifyRequest & Identified>();
    if (!request.url.startsWith('/api/v1/')) return true;
    const [, key] = /^Bearer\s+(\S+)$/i.exec(request.headers.authorization ?? '') ?? [];
    const hospitalId = key === undefined ? undefined : await this.apiKeys.hospitalOf(key);
    if (hospitalId === undefined) {
      throw new DomainError(
        'unauthenticated',
        'key-required',
        'Send a valid API key as "Authorization: Bearer KEY".',
      );
    }
    request.hospitalId = hospitalId;
    return true;
  }
}
