import { Controller, Get, Header } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { collectDefaultMetrics, Counter, Gauge, Registry } from 'prom-client';
import { ServingProcesses } from '../platform/database/serving-processes.js';
import { Standby } from '../platform/database/standby.js';
import { Queues } from '../platform/queues/queues.js';
import { DeliveryAttempts } from '../webhooks/deliveries/delivery-attempts.js';
import { TrustedClock } from '../reminders/trusted-clock.js';
import { DeliveryFigures, type Figures } from './delivery-figures.js';

const HELP: Readonly<Record<keyof Figures, [name: string, help: string]>> = {
  pending: ['nedwatch_deliveries_pending', 'Messages not yet delivered and not given up'],
  oldestDueSeconds: [
    'nedwatch_delivery_oldest_due_seconds',
    'How long the longest waiting message has been due; 0 when none is',
  ],
  exhausted: ['nedwatch_deliveries_exhausted', 'Test messages given up after their last attempt'],
  eventsWaiting: ['nedwatch_events_waiting', 'Events that no worker has passed on yet'],
  endpointsDisabled: [
    'nedwatch_endpoints_held',
    'Endpoints that take nothing: someone has to see to the receiver',
  ],
  violations: [
    'nedwatch_doctor_violations',
    'What the last nightly examinations found not told, stuck or missing: must be 0',
  ],
  auditAgeSeconds: ['nedwatch_doctor_age_seconds', 'How long ago the oldest of them was made'],
  sweepAgeSeconds: [
    'nedwatch_sweep_age_seconds',
    'How long ago reminders were last looked for; more than two minutes mean that no worker does',
  ],
  messagesPending: ['nedwatch_patient_messages_pending', 'Messages to patients that were not sent yet'],
  messageOldestDueSeconds: [
    'nedwatch_patient_message_oldest_due_seconds',
    'How long the longest waiting message to a patient has been due; 0 when none is',
  ],
  messagesUncertain: [
    'nedwatch_patient_messages_uncertain',
    'Messages to patients that a gateway may have taken: a person has to settle them',
  ],
  messageOldestUncertainSeconds: [
    'nedwatch_patient_message_oldest_uncertain_seconds',
    'How long the longest waiting of them has been uncertain; 0 when there is none',
  ],
  gatewaysInTrouble: [
    'nedwatch_message_gateways_in_trouble',
    'SMS gateways that are paused, or whose last attempt had no clear answer',
  ],
};

/** Figures for Prometheus, without patient data, open to every client that reaches the process. */
@ApiExcludeController()
@Controller('metrics')
export class MetricsController {
  private readonly gauges: readonly [keyof Figures, Gauge][];

  private readonly failing: Gauge<'endpoint'>;
  private looking: Promise<string> | undefined;

  constructor(
    private readonly figures: DeliveryFigures,
    private readonly registry: Registry,
    attempts: DeliveryAttempts,
    queues: Queues,
    clock: TrustedClock,
    processes: ServingProcesses,
    standby: Standby,
  ) {
    collectDefaultMetrics({ register: this.registry });
    const names = Object.keys(HELP) as (keyof Figures)[];
    this.gauges = names.map((figure) => {
      const [name, help] = HELP[figure];
      return [figure, new Gauge({ name, help, registers: [this.registry] })];
    });
    this.failing = new Gauge({
      name: 'nedwatch_endpoint_failing_seconds',
      help: 'How long an endpoint has taken nothing',
      labelNames: ['endpoint'],
      registers: [this.registry],
    });
    new Gauge({
      name: 'nedwatch_attempts_in_flight',
      help: 'Attempts that this process is making',
      registers: [this.registry],
      collect() {
        this.set(attempts.inFlight);
      },
    });
    new Gauge({
      name: 'nedwatch_serving_processes',
      help: 'Processes that serve requests on this database: each admits its part of the rate limits',
      registers: [this.registry],
      collect() {
        this.set(processes.count);
      },
    });
    countHeavyReads(this.registry, standby);
    new Gauge({
      name: 'nedwatch_clock_doubted',
      help: 'Whether this process records no reminder, because the clock of the database has jumped',
      registers: [this.registry],
      collect() {
        this.set(clock.state === 'steady' ? 0 : 1);
      },
    });
    new Gauge({
      name: 'nedwatch_queue_workers_replaced',
      help: 'How often this process replaced workers that the queue handed nothing although messages were due',
      registers: [this.registry],
      collect() {
        this.set(queues.replaced);
      },
    });
  }

  @Get()
  @Header('content-type', Registry.PROMETHEUS_CONTENT_TYPE)
  metrics(): Promise<string> {
    // One query serves all simultaneous clients: they need no sign-in, and each query takes a connection.
    this.looking ??= this.read().finally(() => (this.looking = undefined));
    return this.looking;
  }

  private async read(): Promise<string> {
    const figures = await this.figures.read();
    for (const [figure, gauge] of this.gauges) gauge.set(figures[figure]);
    this.failing.reset();
    for (const { endpoint, seconds } of await this.figures.failing()) this.failing.set({ endpoint }, seconds);
    return this.registry.metrics();
  }
}

function countHeavyReads(registry: Registry, { done }: Standby): void {
  new Counter({
    name: 'nedwatch_heavy_reads_total',
    help: 'Reads of many patients that this process has done since a standby is configured, by server',
    labelNames: ['server'],
    registers: [registry],
    collect() {
      this.reset();
      this.inc({ server: 'standby' }, done.standby);
      this.inc({ server: 'primary' }, done.primary);
    },
  });
}
