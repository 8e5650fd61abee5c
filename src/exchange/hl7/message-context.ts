import type { Hl7Message } from '../../interop/hl7v2/er7.js';
import type { IncomingCode } from '../mappings/incoming-facts.js';
import type { Mapping } from '../mappings/mapping-file.js';
import type { Identifier } from './reading/person.js';
import { recordNumber } from './reading/person.js';
import type { Coded } from './reading/report.js';

/** By what a message is read. */
export interface MessageContext {
  readonly mapping: Mapping;
  /** Of the stored message. */
  readonly messageId: string;
  /** MSH-3. */
  readonly sender: string | undefined;
}

export const contextOf = (message: Hl7Message, messageId: string, mapping: Mapping): MessageContext => ({
  ...{ mapping, messageId },
  sender: message.header.text(3),
});

/** The number of the patient among the identifiers of PID-3, as the hospital's mapping says. */
export function patientNumber(
  identifiers: readonly Identifier[],
  { patientNumber: { types, authorities, otherwiseFirst } }: Mapping,
): string | undefined {
  const known = authorities
    ? identifiers.filter(({ authority }) => authority !== undefined && authorities.includes(authority))
    : identifiers;
  return recordNumber(known, types, otherwiseFirst === true);
}

/** A coded value and its translation. */
export const codesOf = (coded: Coded | undefined): readonly IncomingCode[] =>
  coded === undefined
    ? []
    : [
        { code: coded.code, system: coded.system, text: coded.text },
        ...(coded.alternate === undefined ? [] : [coded.alternate]),
      ];
