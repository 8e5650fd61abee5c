import { isDeepStrictEqual } from 'node:util';
import type { FieldFault } from '../../platform/domain-error.js';
import { msg } from '../../platform/messages/dictionary.js';
import type { Text } from '../../guideline/guideline.js';
import type { Message } from '../../guideline/message.js';
import { FREE_TEXT, isDeath } from '../../guideline/facts.js';
import { valuesOf } from '../../guideline/measured-exam.js';
import { codeForm } from '../../guideline/measurements.js';
import { factTitle, fieldTitle, type WithEvents } from '../../guideline/vocabulary.js';
import type { ClinicalEvent } from '../../patients/clinical-event.entity.js';
import { isSameFact } from '../../patients/recorded-events.js';
import type { Patient } from '../../patients/patient.entity.js';
import { type ComparedDecision, decisionSubject, sameDecision } from './compared-decisions.js';

type Event = Pick<ClinicalEvent, 'id' | 'type' | 'date' | 'detail'>;

/** One of two records of a person, with the identity number in one form. */
export interface ComparedRecord extends Pick<Patient, 'birthDate' | 'sex'> {
  readonly identityNumber: string | null;
  /** The active events. */
  readonly events: readonly Event[];
  /** The decisions in force. */
  readonly decisions: readonly ComparedDecision[];
}

/** Two statements that cannot both be true of one person. */
export interface Contradiction extends FieldFault {
  /** Ids of the events or decisions; null where a field of the records differs. */
  readonly target: string | null;
  readonly source: string | null;
}

/** The most contradictions that one refusal names. */
export const MOST_CONTRADICTIONS = 50;

/**
 * What has to be settled before the source can be merged into the target, `MOST_CONTRADICTIONS` at most: fields of the
 * identity that differ, facts of which one must be wrong, and decisions about one thing. Empty: nothing. The guideline
 * names the events.
 */
export function contradictionsBetween(
  target: ComparedRecord,
  source: ComparedRecord,
  guideline: WithEvents,
): Contradiction[] {
  return [
    ...identityContradictions(target, source),
    ...factContradictions(target.events, source.events, guideline),
    ...decisionContradictions(target.decisions, source.decisions),
  ].slice(0, MOST_CONTRADICTIONS);
}

function identityContradictions(target: ComparedRecord, source: ComparedRecord): Contradiction[] {
  const found: Contradiction[] = [];
  const differ = (field: string, code: string, message: Message): void =>
    void found.push({ pointer: `/from/${field}`, code, message, target: null, source: null });
  if (target.birthDate !== source.birthDate) {
    const dates = { target: target.birthDate, source: source.birthDate };
    differ('birthDate', 'birth-dates-differ', msg('birth-dates-differ', dates));
  }
  if (isSex(target.sex) && isSex(source.sex) && target.sex !== source.sex)
    differ(
      'sex',
      'sexes-differ',
      msg('sexes-differ', { target: sexText(target.sex), source: sexText(source.sex) }),
    );
  if (
    target.identityNumber !== null &&
    source.identityNumber !== null &&
    target.identityNumber !== source.identityNumber
  )
    differ('identityNumber', 'identity-numbers-differ', msg('identity-numbers-differ'));
  return found;
}

const isSex = (sex: Patient['sex']): boolean => sex === 'male' || sex === 'female';

const sexText = (sex: Patient['sex']): Message => msg(`sex-${sex}`);

function factContradictions(
  ofTarget: readonly Event[],
  ofSource: readonly Event[],
  guideline: WithEvents,
): Contradiction[] {
  const found: Contradiction[] = [];
  const titleOf = ({ detail, type, date }: Event): Text => factTitle({ ...detail, type, date }, guideline);
  const pair = (target: Event, source: Event, code: string, message: Message): void =>
    void found.push({
      ...{ pointer: `/from/events/${source.id}`, code, message },
      ...{ target: target.id, source: source.id },
    });
  const [targetDeath, sourceDeath] = [ofTarget.find(isDeath), ofSource.find(isDeath)];
  if (targetDeath && sourceDeath && targetDeath.date !== sourceDeath.date)
    pair(
      targetDeath,
      sourceDeath,
      'deaths-differ',
      msg('deaths-differ', { target: targetDeath.date, source: sourceDeath.date }),
    );
  const afterDeath = (event: Event, death: Event): Message =>
    msg('after-death-in-other', { event: titleOf(event), date: event.date, diedOn: death.date });
  if (targetDeath)
    for (const event of ofSource)
      if (event.date > targetDeath.date && !isDeath(event))
        pair(targetDeath, event, 'after-death', afterDeath(event, targetDeath));
  if (sourceDeath)
    for (const event of ofTarget)
      if (event.date > sourceDeath.date && !isDeath(event))
        pair(event, sourceDeath, 'after-death', afterDeath(event, sourceDeath));

  const byPlace = new Map<string, Event[]>();
  for (const event of ofTarget) {
    const same = byPlace.get(placeOf(event));
    if (same) same.push(event);
    else byPlace.set(placeOf(event), [event]);
  }
  for (const event of ofSource)
    for (const other of byPlace.get(placeOf(event)) ?? []) {
      if (isSameFact(other, event)) continue;
      const fields = fieldsThatDiffer(other.detail, event.detail).map(fieldTitle);
      const { date } = event;
      if (fields.length > 0)
        pair(other, event, 'events-differ', msg('events-differ', { event: titleOf(event), date, fields }));
    }
  return found;
}

/** Two events of one place can only be one event, or one of them is wrong. */
const placeOf = ({ type, date, detail }: Event): string =>
  JSON.stringify([type, date, detail['activity'] ?? null]);

/** Fields in which both say something, and not the same. What people wrote in their own words does not count. */
function fieldsThatDiffer(a: Event['detail'], b: Event['detail']): string[] {
  const fields = Object.keys(a).filter((field) => field in b && field !== FREE_TEXT.field);
  return fields.filter((field) =>
    field === 'values' ? valuesDiffer(a, b) : !isDeepStrictEqual(a[field], b[field]),
  );
}

function valuesDiffer(a: Event['detail'], b: Event['detail']): boolean {
  const measured = new Map(valuesOf(a).map((value) => [codeForm(value.code), value]));
  return valuesOf(b).some((value) => {
    const other = measured.get(codeForm(value.code));
    return other !== undefined && (other.value !== value.value || other.comparator !== value.comparator);
  });
}

function decisionContradictions(
  ofTarget: readonly ComparedDecision[],
  ofSource: readonly ComparedDecision[],
): Contradiction[] {
  const bySubject = new Map(
    ofTarget.flatMap((decision) => {
      const subject = decisionSubject(decision);
      return subject === null ? [] : [[subject, decision] as const];
    }),
  );
  return ofSource.flatMap((source) => {
    const target = bySubject.get(decisionSubject(source) ?? '');
    return target === undefined || sameDecision(target, source)
      ? []
      : [
          {
            pointer: `/from/decisions/${source.id}`,
            code: 'decisions-differ',
            message: msg('decisions-differ', { kind: msg(`decision-kind-${source.kind}`) }),
            ...{ target: target.id, source: source.id },
          },
        ];
  });
}
