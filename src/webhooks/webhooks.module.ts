import { Module } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { CONFIG, type Config } from '../platform/config.js';
import { Queues } from '../platform/queues/queues.js';
import { RemindersModule } from '../reminders/reminders.module.js';
import { SchedulesModule } from '../schedules/schedules.module.js';
import { CatalogueController } from './catalogue.controller.js';
import { DeliveriesController } from './deliveries.controller.js';
import { DeliveriesService } from './deliveries.service.js';
import { DeliveryAttempts } from './deliveries/delivery-attempts.js';
import { HospitalPlaces } from './deliveries/hospital-places.js';
import { DeliveryDispatch } from './deliveries/delivery-dispatch.js';
import { DeliveryWatch } from './deliveries/delivery-watch.js';
import { EventRelay } from './deliveries/event-relay.js';
import { QueueWatch } from './deliveries/queue-watch.js';
import { EndpointVerification } from './endpoint-verification.js';
import { EndpointWatch } from './endpoints/endpoint-watch.js';
import { EventsController } from './events.controller.js';
import { EventsService } from './events.service.js';
import { WebhookSender } from './sending/webhook-sender.js';
import { WebhookEndpointsController } from './webhook-endpoints.controller.js';
import { WebhookEndpointsService } from './webhook-endpoints.service.js';
import { WebhookWorker } from './webhook-worker.js';

@Module({
  imports: [RemindersModule, SchedulesModule],
  controllers: [WebhookEndpointsController, DeliveriesController, EventsController, CatalogueController],
  providers: [
    {
      provide: Queues,
      useFactory: (config: Config, dataSource: DataSource) => Queues.open(config, dataSource),
      inject: [CONFIG, DataSource],
    },
    DeliveriesService,
    DeliveryAttempts,
    HospitalPlaces,
    DeliveryDispatch,
    DeliveryWatch,
    EndpointVerification,
    EndpointWatch,
    EventRelay,
    EventsService,
    QueueWatch,
    WebhookEndpointsService,
    WebhookSender,
    WebhookWorker,
  ],
  exports: [DeliveryAttempts, Queues],
})
export class WebhooksModule {}
