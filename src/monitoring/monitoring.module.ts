import { Module } from '@nestjs/common';
import { RemindersModule } from '../reminders/reminders.module.js';
import { WebhooksModule } from '../webhooks/webhooks.module.js';
import { DeliveryFigures } from './delivery-figures.js';
import { MetricsController } from './metrics.controller.js';
import { NightlyAudit } from './nightly-audit.js';
import { NightlyAuditWorker } from './nightly-audit-worker.js';
import { StatusController } from './status.controller.js';

@Module({
  imports: [RemindersModule, WebhooksModule],
  controllers: [StatusController, MetricsController],
  providers: [DeliveryFigures, NightlyAudit, NightlyAuditWorker],
})
export class MonitoringModule {}
