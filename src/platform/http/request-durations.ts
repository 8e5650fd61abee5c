import { Injectable } from '@nestjs/common';
import { Histogram, Registry } from 'prom-client';

/** How long the requests of this process took, for Prometheus: by the first digit of the status alone. */
@Injectable()
export class RequestDurations {
  private readonly durations: Histogram<'status'>;

  constructor(registry: Registry) {
    this.durations = new Histogram({
      name: 'nedwatch_http_request_seconds',
      help: 'How long requests took, by the first digit of the status of their answer',
      labelNames: ['status'],
      buckets: [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
      registers: [registry],
    });
  }

  count(status: number, milliseconds: number): void {
    this.durations.observe({ status: `${Math.floor(status / 100)}xx` }, milliseconds / 1000);
  }
}
