import type { Segment } from '../../../interop/hl7v2/er7.js';
import { type Hl7Time, readTime } from '../../../interop/hl7v2/timestamp.js';

/** What MSH says of a message. */
export interface Header {
  /** MSH-9: `ADT` and `A01`. */
  readonly type: string | undefined;
  readonly event: string | undefined;
  /** MSH-10, by which the sender finds the message again. */
  readonly controlId: string | undefined;
  readonly version: string | undefined;
  readonly characterSet: string | undefined;
  readonly sendingApplication: string | undefined;
  readonly sendingFacility: string | undefined;
  readonly receivingApplication: string | undefined;
  readonly receivingFacility: string | undefined;
  readonly sentAt: Hl7Time | undefined;
  /** MSH-15 and MSH-16: whether the enhanced mode wants a commit and an application acknowledgement. */
  readonly acceptAcknowledgement: string | undefined;
  readonly applicationAcknowledgement: string | undefined;
}

export function readHeader(msh: Segment): Header {
  return {
    type: msh.text(9),
    event: msh.text(9, 2),
    controlId: msh.text(10),
    version: msh.text(12),
    characterSet: msh.text(18),
    sendingApplication: msh.text(3),
    sendingFacility: msh.text(4),
    receivingApplication: msh.text(5),
    receivingFacility: msh.text(6),
    sentAt: readTime(msh.text(7)),
    acceptAcknowledgement: msh.text(15),
    applicationAcknowledgement: msh.text(16),
  };
}
