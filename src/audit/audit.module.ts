import { Module } from '@nestjs/common';
import { AnchorReceiver } from './anchor-receiver.js';
import { AuditAnchor } from './audit-anchor.js';
import { AuditSealing } from './audit-sealing.js';
import { AuditTrail } from './audit-trail.js';
import { AuditController } from './audit.controller.js';

@Module({
  controllers: [AuditController],
  providers: [AnchorReceiver, AuditAnchor, AuditSealing, AuditTrail],
  exports: [AuditTrail],
})
export class AuditModule {}
