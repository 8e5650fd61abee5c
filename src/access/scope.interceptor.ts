import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { Observable } from 'rxjs';
import type { Identified } from '../tenancy/request-caller.js';
import { HospitalScope } from '../tenancy/hospital-scope.js';

/** Runs each request in the caller's hospital. */
@Injectable()
export class ScopeInterceptor implements NestInterceptor {
  constructor(private readonly scope: HospitalScope) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const { caller, audited } = context.switchToHttp().getRequest<FastifyRequest & Identified>();
    if (caller === undefined) return next.handle();
    return new Observable((subscriber) =>
      this.scope.run(caller, () => next.handle().subscribe(subscriber), audited),
    );
  }
}
