import { Injectable } from '@nestjs/common';
import { DomainError } from '../../platform/domain-error.js';
import { msg } from '../../platform/messages/dictionary.js';
import { withPlanDiffs } from '../../schedules/plan-diffs-seen.js';
import { HospitalScope } from '../../tenancy/hospital-scope.js';
import { type ChangedItem, changedItems } from '../inbound/changed-item.js';
import { TakingBack } from '../inbound/taken-back.js';
import { refuseLimited } from './hl7-messages.service.js';
import { MessageLog } from './message-log.js';

/** Takes back what a message did. */
@Injectable()
export class MessageVoids {
  constructor(
    private readonly scope: HospitalScope,
    private readonly log: MessageLog,
    private readonly takingBack: TakingBack,
  ) {}

  /**
   * Voids the events that the message recorded, records again those that it voided, and cancels or moves back its
   * appointments. Refuses (409) where others changed them meanwhile. Returns what that changes in the plans.
   */
  async void(id: string, reason: string): Promise<readonly ChangedItem[]> {
    refuseLimited(this.scope.caller);
    return this.scope.joined(async (tx) => {
      const { message: found } = await this.log.find(tx, id);
      await this.log.lockSame(tx, found.sender, found.controlId);
      const { message, detail } = await this.log.find(tx, id);
      if (message.voidedAt !== null)
        throw new DomainError(
          'conflict',
          'message-voided',
          msg('message-voided', { author: message.voidedBy ?? '' }),
        );
      const { changes } = await withPlanDiffs(() =>
        this.takingBack.takeBack(tx, { sourceId: id, acts: detail.acts ?? [], reason }),
      );
      await this.log.markVoided(tx, id, { ...detail, voidReason: reason });
      return changedItems(changes);
    });
  }
}
