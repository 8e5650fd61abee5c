import { msg } from '../../../../platform/messages/dictionary.js';
import { eventFor } from '../../../mappings/code-tables.js';
import { namesOf } from './codings.js';
import {
  incomingCodes,
  missingDay,
  ownEvent,
  type Reading,
  type ReadingContext,
  senderOf,
} from './reading.js';
import type { Procedure } from './resources.js';
import { dayOf } from './when.js';

/** A procedure is an event only by the hospital's code table, or where our extension says so. Of a period its first day counts. */
export function readProcedure(procedure: Procedure, context: ReadingContext): Reading {
  const event =
    ownEvent(procedure) ??
    eventFor(context.mapping, 'procedure', {
      ...{ sender: senderOf(procedure), codes: incomingCodes(procedure.code) },
    });
  if (event === undefined)
    return { kind: 'noted', why: msg('fhir-other-procedure', { code: namesOf(procedure.code) }) };
  const { status, performedDateTime, performedPeriod } = procedure;
  if (status === 'entered-in-error' || status === 'not-done') return { kind: 'taken-back' };
  if (status !== 'completed') return { kind: 'noted', why: msg('fhir-not-completed') };
  const written = performedDateTime ?? performedPeriod?.start;
  const date = dayOf(written, context.timeZone);
  if (date === undefined) throw missingDay(`${context.at}.performed`, written);
  return { kind: 'event', input: { ...event, date }, elements: { '/date': 'performed' } };
}
