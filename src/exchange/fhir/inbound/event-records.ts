import { Injectable } from '@nestjs/common';
import { validate as isUuid } from 'uuid';
import type { CalendarDate } from '../../../guideline/calendar.js';
import { isCalendarDate } from '../../../guideline/calendar.js';
import { ClinicalEvent } from '../../../patients/clinical-event.entity.js';
import { msg } from '../../../platform/messages/dictionary.js';
import { SchedulesService } from '../../../schedules/schedules.service.js';
import type { HospitalTransaction } from '../../../tenancy/hospital-scope.js';
import type { Act } from '../../inbound/applied-change.js';
import { CurrentVersions } from './current-versions.js';
import {
  contentDigest,
  type EntryOutcome,
  type InboundContext,
  type InboundEntry,
  sourceOf,
} from './inbound-entry.js';
import { unknownId } from './known-patients.js';
import { pointedAt, refusedAt } from './reading/fault.js';
import type { Elements, EventFields } from './reading/reading.js';
import { instantText } from './reading/when.js';
import { type SourceLink, SourceLinks } from '../source-links.js';

/** A resource that was found to be about this patient, and what is known of it. */
export interface KnownResource {
  readonly entry: InboundEntry;
  readonly patientId: string;
  readonly source: string;
  readonly digest: string;
  /** What it became before; undefined: it is new. */
  readonly link: SourceLink | undefined;
  readonly reportedAt: string;
}

/** What to record, and the element of each field. */
export interface EventToRecord {
  readonly input: EventFields;
  readonly elements: Elements;
}

/** Records the events that resources become, each once, and replaces or takes back those of earlier versions. */
@Injectable()
export class EventRecords {
  constructor(
    private readonly schedules: SchedulesService,
    private readonly links: SourceLinks,
    private readonly versions: CurrentVersions,
  ) {}

  /** Finds the resource as it came before. Refuses (404) an unknown id, and (412) a version that is not the current one. */
  async find(
    tx: HospitalTransaction,
    entry: InboundEntry,
    patientId: string,
    { language }: InboundContext,
  ): Promise<KnownResource> {
    const { operation, type, resource, at } = entry;
    let source = sourceOf(entry, patientId);
    let link: KnownResource['link'];
    if (operation.is === 'update') {
      link =
        (await this.links.byId(tx, type, operation.id)) ?? (await recordedEvent(tx, entry, operation.id));
      if (link === undefined) throw unknownId(type, operation.id, `${at}.id`);
      ({ source } = link);
    } else {
      await this.links.lock(tx, type, source);
      link = await this.links.bySource(tx, type, source);
    }
    const ifMatch = operation.is === 'create' ? undefined : operation.ifMatch;
    await this.versions.refuseOther(tx, { type, id: link?.resourceId, ifMatch }, language, at);
    const issued = 'issued' in resource ? resource.issued : undefined;
    return {
      entry,
      patientId,
      source,
      link,
      digest: contentDigest(resource),
      reportedAt: instantText(issued),
    };
  }

  /** Whether the resource is as it was applied last. */
  isRepeated({ link, digest, patientId }: KnownResource): boolean {
    return link?.digest === digest && link.patientId === patientId;
  }

  unchanged({ link, entry, patientId }: KnownResource): EntryOutcome {
    const { type } = entry;
    return {
      ...{ status: 200, type, id: link?.resourceId, patientId },
      ...{ acts: [], hasChanged: false, notes: [] },
    };
  }

  /** Replaces what the resource was before by the event. */
  async replace(
    tx: HospitalTransaction,
    known: KnownResource,
    { input, elements }: EventToRecord,
    context: InboundContext,
  ): Promise<EntryOutcome> {
    const voided = await this.takeBack(tx, known);
    const eventId = await this.record(known, { input, elements });
    if (voided !== undefined) await this.links.moveEvent(tx, voided, eventId);
    const outcome = await this.remember(tx, known, { eventId }, context);
    return {
      ...outcome,
      acts: [...voidedAct(known, voided), recordedAct(known, eventId)],
    };
  }

  /** Voids what the resource was before; nothing is recorded in its place. */
  async withdraw(
    tx: HospitalTransaction,
    known: KnownResource,
    context: InboundContext,
  ): Promise<EntryOutcome> {
    const { link, entry, patientId } = known;
    if (link === undefined)
      return {
        ...{ status: 202, type: entry.type, patientId, acts: [], hasChanged: false },
        notes: [msg('fhir-taken-back-before')],
      };
    const voided = await this.takeBack(tx, known);
    if (voided !== undefined) await this.links.moveEvent(tx, voided, null);
    const outcome = await this.remember(tx, known, { eventId: null }, context);
    return { ...outcome, acts: voidedAct(known, voided), hasChanged: voided !== undefined };
  }

  /** Voids the event in force of the resource; undefined: there is none, or a person has voided it. */
  async takeBack(tx: HospitalTransaction, { link, entry }: KnownResource): Promise<string | undefined> {
    if (typeof link?.eventId !== 'string') return undefined;
    const which = { id: link.eventId, hospitalId: tx.hospital.id };
    const event = await tx.db.findOneBy(ClinicalEvent, which);
    if (event === null || event.voidedAt !== null) return undefined;
    await this.schedules.voidEvent(link.patientId, event.id, `FHIR ${entry.type}`);
    return event.id;
  }

  async record(
    { patientId, entry: { at } }: KnownResource,
    { input, elements }: EventToRecord,
  ): Promise<string> {
    const { forDue, ...fields } = input;
    if (forDue !== undefined && !isDay(forDue))
      throw refusedAt(`${at}.extension`, 'wrong-format', msg('fhir-wrong-format', { expected: 'date' }));
    const { event } = await pointedAt(at, elements, () =>
      this.schedules.recordEvent(patientId, fields, forDue),
    );
    return event.id;
  }

  /** Stores what the resource became. `resourceId`: the id by which its record is shown, by default that of the event. */
  async remember(
    tx: HospitalTransaction,
    known: KnownResource,
    became: {
      readonly eventId: string | null;
      readonly appointmentId?: string;
      readonly resourceId?: string;
    },
    { messageId }: InboundContext,
  ): Promise<EntryOutcome> {
    const { entry, patientId, source, digest, reportedAt, link } = known;
    const { eventId, appointmentId = link?.appointmentId ?? null } = became;
    const currentId = became.resourceId ?? eventId ?? appointmentId ?? link?.currentId ?? '';
    const resourceId = link?.resourceId ?? currentId;
    const { type } = entry;
    const stored = {
      type,
      source,
      resourceId,
      currentId,
      patientId,
      eventId,
      appointmentId,
      digest,
      reportedAt,
    };
    await this.links.store(tx, stored, messageId);
    return {
      ...{ status: link === undefined ? 201 : 200, type, id: resourceId, patientId },
      ...{ acts: [], hasChanged: true, notes: [] },
    };
  }
}

export const recordedAct = ({ patientId }: KnownResource, eventId: string): Act => ({
  ...{ is: 'recorded', patientId, eventId },
});

const voidedAct = ({ link, patientId }: KnownResource, eventId: string | undefined): readonly Act[] =>
  eventId === undefined ? [] : [{ is: 'voided', patientId: link?.patientId ?? patientId, eventId }];

const isDay = (value: unknown): value is CalendarDate => typeof value === 'string' && isCalendarDate(value);

/** An event that people recorded, which a program has read under this id and now corrects. */
async function recordedEvent(
  { db, hospital }: HospitalTransaction,
  { type }: InboundEntry,
  id: string,
): Promise<KnownResource['link']> {
  const eventId = id.slice(0, 36);
  if (!isUuid(eventId)) return undefined;
  const event = await db.findOneBy(ClinicalEvent, { id: eventId, hospitalId: hospital.id });
  if (!event) return undefined;
  return {
    ...{ type, source: `event ${id}`, resourceId: id, currentId: id, patientId: event.patientId },
    ...{ eventId: event.id, appointmentId: null, digest: '', reportedAt: '' },
  };
}
