import type { FastifyRequest } from 'fastify';
import type { Config } from '../../platform/config.js';

export const TOKEN_PATH = '/api/v1/token';

/** The address of this program for its callers, without a path: as configured, else as the request names it. */
export const originOf = (
  { publicUrl }: Pick<Config, 'publicUrl'>,
  { protocol, host }: Pick<FastifyRequest, 'protocol' | 'host'>,
): string => (publicUrl ?? `${protocol}://${host}`).replace(/\/$/, '');
