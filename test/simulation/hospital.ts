import { Logger } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import type { DataSource } from 'typeorm';
import { DataSource as TypeOrm } from 'typeorm';
import { HospitalScope } from '../../src/tenancy/hospital-scope.js';
import { AppModule } from '../../src/app/app.module.js';
import { type Config, loadConfig } from '../../src/platform/config.js';
import { createDataSource } from '../../src/app/data-source.js';
import { APPLICATION_ROLE } from '../../src/platform/database/roles.js';
import type { QueueBackend, QueueData } from '../../src/platform/queues/queue-backend.js';
import { Queues } from '../../src/platform/queues/queues.js';
import { OutboundClient } from '../../src/platform/outbound/outbound-client.js';
import { ServerCertificates } from '../../src/platform/outbound/server-certificates.js';
import { dataFolder } from '../support/data-folder.js';
import type { Chance } from './chance.js';
import type { Receivers } from './receivers.js';
import { SimulatedProcess, type Stepper, type WorldClock } from './stepping.js';

export const CONFIG: Config = {
  ...loadConfig({ NEDWATCH_LOG: 'error', NEDWATCH_DATA: dataFolder() }),
  role: 'api',
  webhookLoopback: true,
};

/** A process of the program: its real modules with connections of its own. */
export interface ProgramProcess extends SimulatedProcess {
  readonly get: <T>(service: abstract new (...parameters: never[]) => T) => T;
  inHospital<T>(work: () => Promise<T>): Promise<T>;
}

/** Starts one. The simulation replaces its queue and its network; everything else is the program's. */
export async function startProcess(
  name: string,
  url: string,
  hospitalId: string,
  world: { readonly stepper: Stepper; readonly receivers: Receivers; readonly queue: QueueBackend },
): Promise<ProgramProcess> {
  const process = new SimulatedProcess(name, world.stepper);
  const { options } = createDataSource(url, 8, { role: APPLICATION_ROLE });
  // Connections that end by the machine's clock would change the order.
  const extra = { ...(options as { extra: object }).extra, Client: process.connection, idleTimeoutMillis: 0 };
  const dataSource: DataSource = await new TypeOrm({
    ...options,
    extra,
    logging: false,
  }).initialize();
  const module = await Test.createTestingModule({ imports: [AppModule.with(CONFIG, dataSource)] })
    .overrideProvider(Queues)
    .useValue(Reflect.construct(Queues, [world.queue]))
    .compile();
  // The log about deliberately failing endpoints is long; violations are reported at the end.
  Logger.overrideLogger(false);
  const wire = Object.assign(world.receivers.reachedBy(process), { certificates: new ServerCertificates() });
  Object.assign(module.get(OutboundClient, { strict: false }), { agents: { for: () => wire } });
  process.stepped = true;
  const scope = module.get(HospitalScope, { strict: false });
  return Object.assign(process, {
    get: <T>(service: abstract new (...parameters: never[]) => T): T =>
      module.get<T>(service as never, { strict: false }),
    inHospital: <T>(work: () => Promise<T>): Promise<T> => scope.run(hospitalId, work),
  });
}

/** A stored job of the queue. */
export interface Job {
  readonly id: string;
  readonly data: QueueData['webhook-endpoint'];
  readonly readyAt: number;
}

/** Replaces BullMQ: it delivers jobs in any order, and may lose them or be unavailable. */
export class WorldQueue implements QueueBackend {
  readonly jobs = new Map<string, Job>();
  readonly taken = new Set<string>();
  /** How often a job is lost, and an addition refused. */
  unreliable = 0.02;

  constructor(
    private readonly chance: Chance,
    private readonly clock: WorldClock,
  ) {}

  openQueue(): ReturnType<QueueBackend['openQueue']> {
    const { jobs, chance, clock } = this;
    return {
      addBulk: (added) => {
        if (chance.is(this.unreliable)) return Promise.reject(new Error('The queue is away.'));
        for (const { data, opts } of added) {
          const id = String(opts.jobId);
          if (jobs.has(id) || chance.is(this.unreliable)) continue;
          jobs.set(id, { id, data: data as Job['data'], readyAt: clock.now + (opts.delay ?? 0) });
        }
        return Promise.resolve();
      },
      count: () => Promise.resolve(jobs.size),
      obliterate: () => Promise.resolve(jobs.clear()),
      close: () => Promise.resolve(),
    };
  }

  openWorker(): ReturnType<QueueBackend['openWorker']> {
    return { isConnected: () => true, close: () => Promise.resolve() };
  }

  reconnect(): void {}

  close(): Promise<void> {
    return Promise.resolve();
  }

  /** The due jobs without a worker, in the seed's order. */
  ready(): Job[] {
    const ready = [...this.jobs.values()].filter(
      ({ id, readyAt }) => readyAt <= this.clock.now && !this.taken.has(id),
    );
    return ready.sort(() => this.chance.next() - 0.5);
  }
}
