import type { CanActivate, ExecutionContext, Type } from '@nestjs/common';
import { ROUTE_ARGS_METADATA } from '@nestjs/common/constants.js';
import { RouteParamtypes } from '@nestjs/common/enums/route-paramtypes.enum.js';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Message } from '../../guideline/message.js';
import { msg } from '../messages/dictionary.js';

/** The query parameters of a call; null: any. */
type Parameters = z.ZodObject['shape'] | null;

/** The validation error of the parameter `name`. */
export interface ParameterFault {
  readonly name: string;
  readonly code: string;
  readonly message: Message;
}

/**
 * Refuses every query parameter that the call does not define, and every repeated one. Ignoring a misspelt filter
 * would list all patients. Reads the `@Query` schema of the handler, so it covers each call, also those without
 * parameters. Runs after the guard that identifies the caller and before the handler.
 */
export class QueryParametersGuard implements CanActivate {
  private readonly known = new Map<unknown, Parameters>();

  constructor(private readonly refusal: (faults: readonly ParameterFault[]) => Error) {}

  canActivate(context: ExecutionContext): boolean {
    const query = context.switchToHttp().getRequest<FastifyRequest>().query as Record<string, unknown>;
    if (Object.keys(query).length === 0) return true;
    const taken = this.parametersOf(context.getClass(), context.getHandler());
    if (taken === null) return true;
    const faults = Object.entries(query).flatMap(([name, value]) => faultIn(name, value, taken));
    if (faults.length > 0) throw this.refusal(faults);
    return true;
  }

  private parametersOf(controller: Type, handler: { readonly name: string }): Parameters {
    const known = this.known.get(handler);
    if (known !== undefined) return known;
    const taken = declaredParameters(controller, handler.name);
    this.known.set(handler, taken);
    return taken;
  }
}

function declaredParameters(controller: Type, method: string): Parameters {
  const args = (Reflect.getMetadata(ROUTE_ARGS_METADATA, controller, method) ?? {}) as Readonly<
    Record<string, { readonly schema?: unknown }>
  >;
  const query = Object.entries(args).find(([key]) => key.startsWith(`${RouteParamtypes.QUERY}:`))?.[1];
  if (query === undefined) return {};
  if (!(query.schema instanceof z.ZodObject))
    throw new Error(`${controller.name}.${method}: @Query needs the schema of an object.`);
  return query.schema.def.catchall instanceof z.ZodUnknown ? null : query.schema.shape;
}

function faultIn(name: string, value: unknown, taken: NonNullable<Parameters>): ParameterFault[] {
  if (!Object.hasOwn(taken, name)) {
    const names = Object.keys(taken);
    const message =
      names.length > 0
        ? msg('unknown-parameter', { name, taken: names })
        : msg('no-parameters-taken', { name });
    return [{ name, code: 'unknown-parameter', message }];
  }
  if (!Array.isArray(value)) return [];
  const message = msg('repeated-parameter', { name, times: value.length });
  return [{ name, code: 'repeated-parameter', message }];
}
