import { Logger } from '@nestjs/common';
import type { Config } from '../config.js';
import { portOf, PRIVATE_RANGES } from '../outbound/outbound-address.js';
import { OutboundClient } from '../outbound/outbound-client.js';

/** The operator's collector of traces. What it does not accept is lost, and logged once until it accepts again. */
export class Collector {
  private readonly log = new Logger('Tracing');
  private readonly client: OutboundClient;
  private isFailing = false;

  constructor(
    private readonly url: URL,
    proxy: Config['outboundProxy'],
  ) {
    // The operator configures the collector, which often runs on the same machine. A client of its own: other requests
    // do not reach loopback by it.
    this.client = new OutboundClient({ loopback: true, proxy });
  }

  /** Throws where the collector does not accept the spans, in OTLP as JSON. */
  async send(body: string): Promise<void> {
    const { url } = this;
    try {
      const { status } = await this.client.ask({
        ...{ url: url.href, method: 'POST', body, headers: { 'content-type': 'application/json' } },
        networks: PRIVATE_RANGES.map((range) => ({ range, port: portOf(url.port, url.protocol) })),
      });
      if (status < 200 || status > 299) throw new Error(`answered ${status}`);
      this.isFailing = false;
    } catch (error) {
      if (!this.isFailing) this.log.warn(`The collector of traces: ${(error as Error).message}`);
      this.isFailing = true;
      throw error;
    }
  }

  async close(): Promise<void> {
    await this.client.onApplicationShutdown();
  }
}
