import { Module } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { CONFIG, type Config } from '../config.js';
import { Queues } from '../queues.js';
import { PatientsModule } from '../patients/patients.module.js';
import { SchedulesModule } from '../schedules/schedules.module.js';
import { CatalogueController } from './catalogue.controller.js';
import { ConsentsController } from './consents.controller.js';
import { Consents } from './consents.service.js';
import { DeliveriesController } from './deliveries.controller.js';
import { DeliveriesService } from './deliveries.service.js';
import { DeliveryAttempts } from './delivery-attempts.js';
import { DeliveryDispatch } from './delivery-dispatch.js';
import { EndpointVerification } from './endpoint-verification.js';
import { EndpointWatch } from './endpoint-watch.js';
import { EventRelay } from './event-relay.js';
import { EventsController } from './events.controller.js';
import { EventsService } from './events.service.js';
import { MetricsController } from './metrics.controller.js';
import { NightlyExamination } from './nightly-examination.js';
import { PlanChangeWorker } from './plan-change-worker.js';
import { QueueWatch } from './queue-watch.js';
import { ReminderFigures } from './reminder-figures.js';
import { ReminderSweep } from './reminder-sweep.js';
import { ReminderWorker } from './reminder-worker.js';
import { StatusController } from './status.controller.js';
import { WebhookEndpointsController } from './webhook-endpoints.controller.js';
import { WebhookEndpointsService } from './webhook-endpoints.service.js';
import { WebhookSender } from './webhook-sender.js';

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
    PlanChangeWorker,
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
