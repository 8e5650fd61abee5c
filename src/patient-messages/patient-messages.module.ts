import { Module } from '@nestjs/common';
import { PatientsModule } from '../patients/patients.module.js';
import { RemindersModule } from '../reminders/reminders.module.js';
import { WebhooksModule } from '../webhooks/webhooks.module.js';
import { GatewayController } from './gateways/gateway.controller.js';
import { GatewayService } from './gateways/gateway.service.js';
import { MessageWorker } from './message-worker.js';
import { PatientMessagesController } from './patient-messages.controller.js';
import { PatientMessages } from './patient-messages.service.js';
import { RepliesController } from './replies/replies.controller.js';
import { Replies } from './replies/replies.service.js';
import { MessageAttempts } from './sending/message-attempts.js';
import { MessageDispatch } from './sending/message-dispatch.js';
import { MessageSender } from './sending/message-sender.js';
import { MessageSweep } from './sending/message-sweep.js';
import { MessageSettingsController } from './settings/message-settings.controller.js';
import { MessageSettingsService } from './settings/message-settings.service.js';
import { TemplatesController } from './templates/templates.controller.js';
import { TemplatesService } from './templates/templates.service.js';
import { UncertainMessagesController } from './uncertain-messages.controller.js';
import { UncertainMessages } from './uncertain-messages.service.js';

@Module({
  imports: [PatientsModule, RemindersModule, WebhooksModule],
  controllers: [
    TemplatesController,
    MessageSettingsController,
    GatewayController,
    PatientMessagesController,
    UncertainMessagesController,
    RepliesController,
  ],
  providers: [
    TemplatesService,
    MessageSettingsService,
    GatewayService,
    PatientMessages,
    UncertainMessages,
    Replies,
    MessageSweep,
    MessageSender,
    MessageAttempts,
    MessageDispatch,
    MessageWorker,
  ],
})
export class PatientMessagesModule {}
