import type { InboxEntry, InboxFilter } from '../calls/inbox.js';
import type { MessageFilter, ReceivedMessage } from '../calls/received-messages.js';
import { writeAddress } from '../routing/address.js';

type Parameters = Readonly<Record<string, string>>;

export const INBOX_STATES: readonly InboxEntry['state'][] = ['open', 'entered', 'dismissed', 'interpreted'];
export const OUTCOMES: readonly ReceivedMessage['outcome'][] = ['applied', 'noted', 'refused'];
const KINDS: readonly InboxEntry['kind'][] = ['hl7', 'fhir'];
const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const ALL = 'all';

/** The filter of the inbox in the address: open entries unless it says otherwise. It leaves out what is not understood. */
export function readInboxFilter({ state, kind, patient }: Parameters): InboxFilter {
  return {
    state: state === ALL ? undefined : (INBOX_STATES.find((one) => one === state) ?? 'open'),
    kind: KINDS.find((one) => one === kind),
    patientId: ID.test(patient ?? '') ? patient : undefined,
  };
}

export const inboxAddress = ({ state, kind, patientId }: InboxFilter = { state: 'open' }): string =>
  writeAddress('/systems/inbox', {
    state: state === 'open' ? undefined : (state ?? ALL),
    ...{ kind, patient: patientId },
  });

export const entryAddress = (id: string): string => `/systems/inbox/${id}`;

export function readMessageFilter({ id, sender, outcome }: Parameters): MessageFilter {
  return {
    controlId: id === '' ? undefined : id,
    sender: sender === '' ? undefined : sender,
    outcome: OUTCOMES.find((one) => one === outcome),
  };
}

export const messagesAddress = ({ controlId, sender, outcome }: MessageFilter = {}): string =>
  writeAddress('/systems/messages', { id: controlId, sender, outcome });

export const messageAddress = (id: string): string => `/systems/messages/${id}`;

export const recordAddress = (patientId: string): string => `/patients/${patientId}`;
