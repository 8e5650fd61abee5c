import type { ServiceRequest, Task } from 'fhir/r4.js';

interface ItemStatus {
  readonly request: ServiceRequest['status'];
  readonly task: Task['status'];
}

const ACTIVE: ItemStatus = { request: 'active', task: 'requested' };

/** What became of a planned exam, by the program's own word, in FHIR's words for the request and for the work on it. */
const STATUSES: Readonly<Record<string, ItemStatus>> = {
  completed: { request: 'completed', task: 'completed' },
  cancelled: { request: 'revoked', task: 'cancelled' },
  before_enrolment: { request: 'unknown', task: 'cancelled' },
  missed: { request: 'unknown', task: 'failed' }, // no person has cancelled it
  booked: { request: 'active', task: 'accepted' },
  attended: { request: 'active', task: 'in-progress' },
  deferred: { request: 'on-hold', task: 'on-hold' },
  declined: { request: 'on-hold', task: 'rejected' },
  contraindicated: { request: 'on-hold', task: 'rejected' },
};

/** The statuses for one of the program's words; an item that is upcoming, due or overdue is active. */
export const itemStatus = (word: string): ItemStatus =>
  Object.hasOwn(STATUSES, word) ? (STATUSES[word] ?? ACTIVE) : ACTIVE;
