import { Controller, Get, Header } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import { type DeliveryFigures, ReminderFigures } from './reminder-figures.js';

const HELP: Readonly<Record<keyof DeliveryFigures, [name: string, help: string]>> = {
  pending: ['nedwatch_deliveries_pending', 'Messages not yet delivered and not given up'],
  oldestDueSeconds: [
    'nedwatch_delivery_oldest_due_seconds',
    'How long the longest waiting message has been due; 0 when none is',
  ],
  exhausted: [
    'nedwatch_deliveries_exhausted',
    'Messages given up after their last attempt: someone has to look',
  ],
};

/** Figures for Prometheus, without anything about a patient, and open to whoever reaches the process. */
@ApiExcludeController()
@Controller('metrics')
export class MetricsController {
  private readonly registry = new Registry();
  private readonly gauges: readonly [keyof DeliveryFigures, Gauge][];

  constructor(private readonly figures: ReminderFigures) {
    collectDefaultMetrics({ register: this.registry });
    const names = Object.keys(HELP) as (keyof DeliveryFigures)[];
    this.gauges = names.map((figure) => {
      const [name, help] = HELP[figure];
      return [figure, new Gauge({ name, help, registers: [this.registry] })];
    });
  }

  @Get()
  @Header('content-type', Registry.PROMETHEUS_CONTENT_TYPE)
  async metrics(): Promise<string> {
    const figures = await this.figures.read();
    for (const [figure, gauge] of this.gauges) gauge.set(figures[figure]);
    return this.registry.metrics();
  }
}
