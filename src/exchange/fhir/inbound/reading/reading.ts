import type { CalendarDate } from '../../../../guideline/calendar.js';
import type { Guideline } from '../../../../guideline/guideline.js';
import type { Message } from '../../../../guideline/message.js';
import type { DomainError } from '../../../../platform/domain-error.js';
import { msg } from '../../../../platform/messages/dictionary.js';
import type { IncomingCode } from '../../../mappings/incoming-facts.js';
import type { Mapping } from '../../../mappings/mapping-file.js';
import { codeIn, codingsOf } from './codings.js';
import { refusedAt } from './fault.js';
import { DIAGNOSIS, eventFields, OWN_SYSTEM } from './own-forms.js';
import type { CodeableConcept, Resource } from './resources.js';

/** What a resource is read by, and its place in the request. */
export interface ReadingContext {
  readonly timeZone: string;
  readonly guideline: Guideline | undefined;
  readonly mapping: Mapping;
  /** Its FHIRPath expression: `Condition`, or `Bundle.entry[3].resource`. */
  readonly at: string;
}

/** An event in the form of `EventInput`; which fields it needs, the guideline says. */
export type EventFields = Readonly<Record<string, unknown>> & {
  readonly type: string;
  readonly date: CalendarDate;
};

/** A value as the services read it, of one measurement. */
export interface SentValue {
  readonly code: string;
  readonly value: number | string;
  readonly unit?: string;
  readonly comparator?: string;
  readonly referenceLimit?: number;
  readonly flag?: 'high';
}

/** What a resource becomes. What cannot be interpreted is thrown. */
export type Reading =
  /** Nothing changes here, and why. */
  | { readonly kind: 'noted'; readonly why: Message }
  /** What the resource was before is taken back. */
  | { readonly kind: 'taken-back' }
  | { readonly kind: 'diagnosis'; readonly date: CalendarDate; readonly elements: Elements }
  | { readonly kind: 'event'; readonly input: EventFields; readonly elements: Elements }
  /** Only a person can say what it means. `at` is its element. */
  | { readonly kind: 'uninterpreted'; readonly why: Message; readonly at: string };

/** The element of each pointer into the input of a service. */
export type Elements = Readonly<Record<string, string>>;

export const senderOf = (resource: Resource): string | undefined =>
  (resource.meta as { readonly source?: string } | undefined)?.source;

export const incomingCodes = (concept: CodeableConcept | undefined): readonly IncomingCode[] =>
  codingsOf(concept).map(({ system, code, display }) => ({ system, code, text: display ?? concept?.text }));

/** Type and fields of an event that this program wrote: in its own code and extensions. */
export function ownEvent(
  resource: Resource & { readonly code?: CodeableConcept },
): (Readonly<Record<string, unknown>> & { readonly type: string }) | undefined {
  const type = codeIn(resource.code, OWN_SYSTEM.event);
  return type === undefined || type === DIAGNOSIS ? undefined : { ...eventFields(resource), type };
}

/** A missing day, or one of which only year or month was sent. */
export const missingDay = (expression: string, written: string | undefined): DomainError =>
  written === undefined
    ? refusedAt(expression, 'required', msg('fhir-day-required'))
    : refusedAt(expression, 'whole-day-required', msg('fhir-whole-day-required'));
