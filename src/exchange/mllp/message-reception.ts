import { Inject, Injectable } from '@nestjs/common';
import { DateTime } from 'luxon';
import { v7 as uuidv7 } from 'uuid';
import { acknowledge } from '../../interop/hl7v2/acknowledgement.js';
import type { Segment } from '../../interop/hl7v2/er7.js';
import { RequestShares } from '../../access/request-shares.js';
import { CONFIG, type Config } from '../../platform/config.js';
import { msg, render } from '../../platform/messages/dictionary.js';
import type { AuditedCall } from '../../tenancy/audit-entry.js';
import type { Caller } from '../../tenancy/caller.js';
import { HospitalScope } from '../../tenancy/hospital-scope.js';
import { answerEach, type Answered, newControlId } from '../hl7/message-batches.js';
import { runAs } from '../../platform/running-work.js';
import { ReceivedMessages } from '../hl7/received-messages.js';
import { KnownSenders, type Peer } from './known-senders.js';
import { facilityOf, headerOf } from '../hl7/message-header.js';
import { MllpFigures } from './mllp-figures.js';

/** How the audit trail names a message over MLLP. */
const CALL = 'MLLP /hl7v2';

/** Answers the frames of a connection: finds the hospital of each message, waits for its fair share, and applies it. */
@Injectable()
export class MessageReception {
  constructor(
    @Inject(CONFIG) private readonly config: Pick<Config, 'language'>,
    private readonly senders: KnownSenders,
    private readonly shares: RequestShares,
    private readonly scope: HospitalScope,
    private readonly received: ReceivedMessages,
    private readonly figures: MllpFigures,
  ) {}

  /** The acknowledgement of each message in the frame. Throws where the program is busy: then nothing was acknowledged. */
  async answer(frame: Buffer, peer: Peer): Promise<Buffer> {
    return (
      await answerEach(frame, (message) =>
        runAs({ name: 'HL7 message over MLLP' }, () => this.answerOne(message, peer)),
      )
    ).bytes;
  }

  /** AR for a frame that is larger than allowed, of which only the beginning was read. */
  async refuseLarge(beginning: Buffer, limit: number): Promise<Buffer> {
    return this.rejected(headerOf(beginning), msg('hl7-frame-too-large', { limit }));
  }

  private async answerOne(message: Buffer, peer: Peer): Promise<Answered> {
    const header = headerOf(message);
    const facility = header && facilityOf(header);
    const caller = facility === undefined ? undefined : await this.senders.callerOf(facility, peer);
    if (caller === undefined) {
      this.figures.count('unknown');
      const text = header ? msg('hl7-sender-unknown', { facility: facility ?? '' }) : msg('hl7-not-er7');
      return { bytes: await this.rejected(header, text), isAccepted: false };
    }
    const release = await this.shares.enterAs(caller);
    try {
      const answered = await this.receiveAs(caller, message, peer);
      this.figures.count(answered.isAccepted ? 'accepted' : 'refused');
      return answered;
    } finally {
      release();
    }
  }

  private receiveAs(caller: Caller, message: Buffer, { address }: Peer): Promise<Answered> {
    const audited: AuditedCall = {
      ...{ call: CALL, address, requestId: uuidv7(), purpose: 'TREAT' },
      ...{ recorded: false, patients: new Set() },
    };
    const receive = async (): Promise<Answered> => {
      const answered = await this.received.answer(message, 'mllp');
      if (!answered.isAccepted) await this.scope.recordAlone(audited, { outcome: 'refused' });
      return answered;
    };
    return this.scope.run(caller, receive, audited);
  }

  private async rejected(header: Segment | undefined, text: Parameters<typeof render>[0]): Promise<Buffer> {
    const time = DateTime.fromJSDate(await this.senders.instant(), { zone: 'utc' }).toFormat(
      'yyyyMMddHHmmssZZZ',
    );
    const answer = {
      code: 'AR',
      controlId: newControlId(),
      time,
      text: render(text, this.config.language),
    } as const;
    return Buffer.from(acknowledge(header, { ...answer, error: { code: '207' } }));
  }
}
