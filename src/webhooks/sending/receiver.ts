import type { Transport } from './endpoint-transport.js';
import type { Robot } from './group-robots.js';
import type { MessageFormat } from '../messages/message-formats.js';
import type { OpenedNetwork } from '../../platform/outbound/outbound-address.js';
import type { OutboundRequest } from '../../platform/outbound/outbound-client.js';

/** The receiver of a message, and how it is reached. */
export interface Receiver {
  readonly url: string;
  readonly format: MessageFormat;
  /** The present one first. */
  readonly secrets: readonly string[];
  readonly hospitalId: string;
  /** Private networks that may be gone to. */
  readonly networks: readonly OpenedNetwork[];
  /** If it is a robot, and then the words that it is to say; null: it is sent the message itself. */
  readonly robot: { readonly kind: Robot; readonly text: string } | null;
  readonly transport: Transport;
}

/** What requests on behalf of a receiver may reach, and whom they trust. */
export const waysTo = ({
  networks,
  transport: { tls },
}: Pick<Receiver, 'networks' | 'transport'>): Pick<OutboundRequest, 'networks' | 'tls'> => ({
  networks,
  tls: tls && { ca: tls.ca, cert: tls.certificate, key: tls.key },
});
