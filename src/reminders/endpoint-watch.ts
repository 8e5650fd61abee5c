import { Injectable, Logger } from '@nestjs/common';
import { HospitalScope } from '../access/hospital-scope.js';
import { newlyEnding } from './certificate-ends.js';
import { newlyFailing, probeFailing } from './endpoint-health.js';
import { addHeartbeats } from './heartbeats.js';

/** Looks after endpoints: tries those that take nothing now and then, and warns before one is held or its certificate ends. */
@Injectable()
export class EndpointWatch {
  private readonly logger = new Logger('WebhookEndpoint');

  constructor(private readonly scope: HospitalScope) {}

  /** For the hospital in scope. The warnings go to the log, which needs neither queue nor receiver. */
  async watch(): Promise<void> {
    const [failing, ending] = await this.scope.transaction(async (tx) => {
      await probeFailing(tx);
      await addHeartbeats(tx);
      return [await newlyFailing(tx), await newlyEnding(tx)];
    });
    for (const { id, percent, failingSince } of failing)
      this.logger.warn(
        `Endpoint ${id} has taken nothing since ${failingSince.toISOString()}: ` +
          (percent < 100
            ? `${percent} % of the time after which it is held have passed.`
            : 'it is held. Nothing is lost; see to the receiver, then POST …/test or …/recover.'),
      );
    for (const { id, days, until } of ending)
      this.logger.warn(
        `The certificate shown to endpoint ${id} ${days > 0 ? `ends within ${days} days` : 'has ended'} (${until.toISOString()}): ` +
          'give a new one by PATCH /webhook-endpoints/{id}.',
      );
  }
}
