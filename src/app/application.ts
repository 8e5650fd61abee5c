import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyRequest } from 'fastify';
import type { DataSource } from 'typeorm';
import { AppModule, REFUSALS } from './app.module.js';
import type { Config } from '../platform/config.js';
import { ServingProcesses } from '../platform/database/serving-processes.js';
import { Standby } from '../platform/database/standby.js';
import { guardEdge, serverOptions } from '../platform/http/edge.js';
import { addHealth } from './health.js';
import { RequestShares } from '../access/request-shares.js';
import { configureHttp } from '../platform/http/http.js';
import { Log } from '../platform/log.js';
import { publishOpenApi } from './openapi.js';
import { OwnCertificate } from '../platform/http/own-certificate.js';
import { addPages } from './pages.js';
import { nameRequests } from './request-work.js';
import { addStatusPage } from './status-page.js';
import type { Identified } from '../tenancy/request-caller.js';

/** Routes of controllers whose address does not begin with `/api/v1`. */
const OUTSIDE_THE_API = [
  ...['metrics', 'api/docs/events', 'api/docs/events/:type', 'fhir', 'fhir/*path'],
  ...['cds-services', 'cds-services/:service', 'open/patient'],
];

/**
 * Builds the application, ready to listen: routes, guards, error format, API document. Starts no server. Its shutdown
 * hooks run on `close()`; the command handles signals. Without `processes` it has the whole of each limit, and without
 * `standby` all reads are done by `dataSource`.
 */
export async function createApplication(
  config: Config,
  dataSource: DataSource,
  processes = new ServingProcesses(),
  standby = new Standby(),
): Promise<NestFastifyApplication> {
  const certificate = config.tls && OwnCertificate.read(config.tls);
  const app = await NestFactory.create<NestFastifyApplication>(
    AppModule.with(config, dataSource, processes, standby),
    new FastifyAdapter(serverOptions(config, certificate?.current, REFUSALS)),
    {
      logger: new Log(config),
      abortOnError: false,
      bodyParser: false, // http.ts parses bodies
    },
  );
  app.setGlobalPrefix('api/v1', { exclude: OUTSIDE_THE_API });
  nameRequests(app, config);
  guardEdge(app, config, (request: FastifyRequest & Identified) => request.caller !== undefined);
  certificate?.follow(app);
  await configureHttp(app, (request) => app.get(RequestShares).enter(request));
  publishOpenApi(app);
  addStatusPage(app);
  addPages(app);
  addHealth(app, config, dataSource);
  return app;
}
