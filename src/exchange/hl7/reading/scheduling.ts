import type { Hl7Message, Segment } from '../../../interop/hl7v2/er7.js';
import { type Hl7Time, readTime } from '../../../interop/hl7v2/timestamp.js';
import { type Coded, readCoded } from './report.js';

/** A place of a message that names when an appointment begins. */
export interface NamedStart {
  readonly place: string;
  readonly at: Hl7Time;
}

/** What a message of the type SIU says of an appointment. */
export interface AppointmentFacts {
  /** SCH-1 and SCH-2: the numbers of the two systems, by which a later message names the same appointment. */
  readonly placerId: string | undefined;
  readonly fillerId: string | undefined;
  /** Why this message was sent: SCH-6. */
  readonly eventReason: Coded | undefined;
  readonly status: string | undefined;
  readonly services: readonly Coded[];
  readonly places: readonly string[];
  readonly starts: readonly NamedStart[];
  /** The start that is used: see `readAppointment`. */
  readonly start: Hl7Time | undefined;
}

/** The resource that is reserved first, then the timing segment, then the old field of SCH. */
const PRECEDENCE = ['AIS-4', 'AIG-8', 'AIL-6', 'AIP-6', 'TQ1-7', 'SCH-11.4'] as const;
const RESOURCES: Readonly<Record<string, number>> = { AIS: 4, AIG: 8, AIL: 6, AIP: 6 };

/**
 * Undefined without SCH. Where the places that name a start differ, the first of this order is used: the reserved
 * resources (AIS, AIG, AIL, AIP), TQ1-7, SCH-11. SCH-11 was withdrawn in v2.8, and senders forget to change it.
 */
export function readAppointment(message: Hl7Message): AppointmentFacts | undefined {
  const sch = message.first('SCH');
  if (!sch) return undefined;
  const starts = message.segments.flatMap(startsOf);
  return {
    placerId: sch.text(1),
    fillerId: sch.text(2),
    eventReason: readCoded(sch.first(6)),
    status: sch.text(25),
    services: message.segments.flatMap((one) => (one.name === 'AIS' ? (readCoded(one.first(3)) ?? []) : [])),
    places: message.segments.flatMap((one) => (one.name === 'AIL' ? placeOf(one) : [])),
    starts,
    start: PRECEDENCE.flatMap((place) => starts.filter((one) => one.place === place))[0]?.at,
  };
}

function startsOf(segment: Segment): NamedStart[] {
  const resource = RESOURCES[segment.name];
  if (resource !== undefined) return named(`${segment.name}-${resource}`, segment.text(resource));
  if (segment.name === 'TQ1') return named('TQ1-7', segment.text(7));
  if (segment.name !== 'SCH') return [];
  return segment.repetitions(11).flatMap((one) => named('SCH-11.4', one.text(4)));
}

function named(place: string, text: string | undefined): NamedStart[] {
  const at = readTime(text);
  return at === undefined ? [] : [{ place, at }];
}

/** PL: ward or department, then room. */
function placeOf(ail: Segment): string[] {
  const parts = [ail.text(3, 1), ail.text(3, 2)].filter((part) => part !== undefined);
  return parts.length === 0 ? [] : [parts.join(' ')];
}
