import type { Transport } from './endpoint-transport.js';
import type { Robot } from './group-robots.js';
import type { MessageFormat } from '../messages/message-formats.js';
import type { OpenedNetwork } from '../../platform/outbound/outbound-address.js';
import type { OutboundRequest } from '../../platform/outbound/outbound-client.js';

/** The receiver of a message, and how it is reached. */
export interface Receiver {
  readonly url: string;
  readonly format: MessageFormat;
  /** The current one first. */
  readonly secrets: readonly string[];
  readonly hospitalId: string;
  /** Private networks that may be reached. */
  readonly networks: readonly OpenedNetwork[];
  /** The robot's kind and its text; null: the endpoint receives the message itself. */
  readonly robot: { readonly kind: Robot; readonly text: string } | null;
  readonly transport: Transport;
}

/** The destinations and trusted authorities of requests to a receiver. */
export const waysTo = ({
  networks,
  transport: { tls },
}: Pick<Receiver, 'networks' | 'transport'>): Pick<OutboundRequest, 'networks' | 'tls'> => ({
  networks,
  tls: tls && { ca: tls.ca, cert: tls.certificate, key: tls.key },
});
