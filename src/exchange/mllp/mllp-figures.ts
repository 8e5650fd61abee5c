import { Injectable } from '@nestjs/common';
import { Counter, Gauge, Registry } from 'prom-client';

/** `accepted` and `refused`: messages of known senders. `unknown`: no sender fits. `unanswered`: the program was busy. */
export const MLLP_RESULTS = ['accepted', 'refused', 'unknown', 'unanswered'] as const;
export type MllpResult = (typeof MLLP_RESULTS)[number];

/** What this process receives over MLLP, for Prometheus. */
@Injectable()
export class MllpFigures {
  private readonly connections: Gauge;
  private readonly messages: Counter<'result'>;

  constructor(registry: Registry) {
    const registers = [registry];
    this.connections = new Gauge({
      ...{
        name: 'nedwatch_mllp_connections',
        help: 'Open connections of HL7 v2 senders to this process',
        registers,
      },
    });
    this.messages = new Counter({
      name: 'nedwatch_mllp_messages_total',
      help: 'HL7 v2 messages over MLLP by what became of them; unanswered ones are repeated by their senders',
      labelNames: ['result'],
      registers,
    });
    for (const result of MLLP_RESULTS) this.messages.inc({ result }, 0);
  }

  count(result: MllpResult): void {
    this.messages.inc({ result });
  }

  setConnections(open: number): void {
    this.connections.set(open);
  }
}
