import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { DataSource } from 'typeorm';
import { AppModule } from './app.module.js';
import type { Config } from './config.js';

/** Builds the application, ready to listen: routes, guards, error shapes, API document. Starts no server. */
export async function createApplication(config: Config, dataSource: DataSource): Promise<NestFastifyApplication> {
  const app = await NestFactory.create<NestFastifyApplication>(AppModule.with(config, dataSource), new FastifyAdapter());
  app.setGlobalPrefix('api/v1');
  app.enableShutdownHooks();
  return app;
}
