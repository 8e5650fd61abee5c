import type { LoggerService } from '@nestjs/common';
import pino, { type Logger } from 'pino';
import type { Config } from './config.js';

// Nest logs every module and route at start, which only helps when debugging.
const CHATTY = ['InstanceLoader', 'NestFactory', 'RouterExplorer', 'RoutesResolver', 'NestApplication'];

/** The program's log: one JSON object a line on standard error. Never log bodies, credentials or names. */
export class Log implements LoggerService {
  private readonly pino: Logger;

  constructor({ logLevel }: Pick<Config, 'logLevel'>) {
    this.pino = pino({ level: logLevel, base: undefined }, pino.destination({ dest: 2, sync: true }));
  }

  log(message: unknown, context?: string): void {
    if (context !== undefined && CHATTY.includes(context)) this.debug(message, context);
    else this.pino.info({ context }, text(message));
  }

  debug(message: unknown, context?: string): void {
    this.pino.debug({ context }, text(message));
  }

  verbose(message: unknown, context?: string): void {
    this.debug(message, context);
  }

  warn(message: unknown, context?: string): void {
    this.pino.warn({ context }, text(message));
  }

  /** Nest passes the stack before the context. */
  error(message: unknown, ...[stack, context]: (string | undefined)[]): void {
    if (message instanceof Error)
      this.pino.error({ err: message, context: context ?? stack }, message.message);
    else this.pino.error({ stack, context }, text(message));
  }

  fatal(message: unknown, context?: string): void {
    this.pino.fatal({ context }, text(message));
  }
}

const text = (message: unknown): string => (typeof message === 'string' ? message : JSON.stringify(message));
