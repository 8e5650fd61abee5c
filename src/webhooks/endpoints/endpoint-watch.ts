import { Injectable, Logger } from '@nestjs/common';
import { HospitalScope } from '../../tenancy/hospital-scope.js';
import { type EndingCertificate, newlyEnding } from './certificate-ends.js';
import { capFutureAttempts, newlyFailing, probeFailing } from './endpoint-health.js';
import { addHeartbeats } from './heartbeats.js';

/** Maintains endpoints: tries failing ones periodically, and warns before one is disabled or a certificate ends. */
@Injectable()
export class EndpointWatch {
  private readonly logger = new Logger('WebhookEndpoint');

  constructor(private readonly scope: HospitalScope) {}

  /** For the hospital in scope. The warnings go to the log, which needs neither queue nor receiver. */
  async watch(): Promise<void> {
    const [failing, ours, theirs] = await this.scope.transaction(async (tx) => {
      await capFutureAttempts(tx);
      await probeFailing(tx);
      await addHeartbeats(tx);
      return [await newlyFailing(tx), await newlyEnding(tx, 'us'), await newlyEnding(tx, 'receiver')];
    });
    for (const { id, percent, failingSince } of failing)
      this.logger.warn(
        `Endpoint ${id} has taken nothing since ${failingSince.toISOString()}: ` +
          (percent < 100
            ? `${percent} % of the time after which it is held have passed.`
            : 'it is held. Nothing is lost; see to the receiver, then POST …/test or …/recover.'),
      );
    for (const ending of ours)
      this.logger.warn(
        `The certificate shown to endpoint ${ending.id} ${endOf(ending)}: give a new one by PATCH /webhook-endpoints/{id}.`,
      );
    for (const ending of theirs)
      this.logger.warn(
        `The certificate that the server of endpoint ${ending.id} shows ${endOf(ending)}: ` +
          'whoever runs it has to renew it, or no message arrives any more.',
      );
  }
}

const endOf = ({ days, until }: EndingCertificate): string =>
  `${days > 0 ? `ends within ${days} days` : 'has ended'} (${until.toISOString()})`;
