import { Module } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { CONFIG, type Config } from '../platform/config.js';
import { Queues } from '../platform/queues/queues.js';
import { PatientsModule } from '../patients/patients.module.js';
import { SchedulesModule } from '../schedules/schedules.module.js';
import { CatalogueController } from '../webhooks/catalogue.controller.js';
import { ConsentsController } from '../patients/consents.controller.js';
import { Consents } from '../patients/consents.service.js';
import { DeliveriesController } from '../webhooks/deliveries.controller.js';
import { DeliveriesService } from '../webhooks/deliveries.service.js';
import { DeliveryAttempts } from '../webhooks/deliveries/delivery-attempts.js';
import { DeliveryDispatch } from '../webhooks/deliveries/delivery-dispatch.js';
import { EndpointVerification } from '../webhooks/endpoint-verification.js';
import { EndpointWatch } from '../webhooks/endpoints/endpoint-watch.js';
import { EventRelay } from '../webhooks/deliveries/event-relay.js';
import { EventsController } from '../webhooks/events.controller.js';
import { EventsService } from '../webhooks/events.service.js';
import { MetricsController } from '../monitoring/metrics.controller.js';
import { NightlyExamination } from '../monitoring/nightly-delivery-audit.js';
import { PolicyRolloutWorker } from '../schedules/policy-changes/policy-rollout-worker.js';
import { QueueWatch } from '../webhooks/deliveries/queue-watch.js';
import { ReminderFigures } from '../monitoring/delivery-figures.js';
import { ReminderSweep } from './reminder-sweep.js';
import { ReminderWorker } from './reminder-worker.js';
import { StatusController } from '../monitoring/status.controller.js';
import { WebhookEndpointsController } from '../webhooks/webhook-endpoints.controller.js';
import { WebhookEndpointsService } from '../webhooks/webhook-endpoints.service.js';
import { WebhookSender } from '../webhooks/sending/webhook-sender.js';

@Module({
  imports: [PatientsModule, SchedulesModule],
  controllers: [
    WebhookEndpointsController,
    DeliveriesController,
    EventsController,
    ConsentsController,
    StatusController,
    CatalogueController,
    MetricsController,
  ],
  providers: [
    {
      provide: Queues,
      useFactory: (config: Config, dataSource: DataSource) => Queues.open(config, dataSource),
      inject: [CONFIG, DataSource],
    },
    Consents,
    DeliveriesService,
    DeliveryAttempts,
    DeliveryDispatch,
    EndpointVerification,
    EndpointWatch,
    EventRelay,
    EventsService,
    NightlyExamination,
    PolicyRolloutWorker,
    QueueWatch,
    ReminderFigures,
    ReminderSweep,
    ReminderWorker,
    WebhookEndpointsService,
    WebhookSender,
  ],
  exports: [ReminderFigures],
})
export class RemindersModule {}
