import { phoneForms, readPhone } from '../../patients/phone-number.js';
import { DIALLED_CHANNELS } from '../contacts/contact-attempt.js';
import { isDoctor, type Relation } from '../contacts/relations.js';
import type { ContactChannel } from '../settings/contact-channels.js';

/** A person with a phone, as it is written. */
export interface Reachable {
  readonly id: string;
  readonly name: string;
  readonly relation: Relation;
  readonly phone: string | null;
}

/** A number that can be dialled now. */
export interface CallNumber {
  /** Digits alone. */
  readonly number: string;
  /** As it was entered, with what is written beside it. */
  readonly written: string;
  /** The channel of an attempt by this number. */
  readonly channel: ContactChannel;
  /** Null: the patient's own number. */
  readonly relative: Omit<Reachable, 'phone'> | null;
}

/** An attempt of today by telephone. */
export interface Dialled {
  readonly channel: ContactChannel;
  readonly relativeId: string | null;
  /** Null: it was not said which number; then all numbers of the person were dialled. */
  readonly number: string | null;
}

/**
 * The numbers of a patient and the people around the patient that were not dialled today, each once: those of the ladder's
 * step first, then the patient's own, those of relatives by their rank, and those of doctors.
 */
export function numbersToCall(
  phone: string | null,
  relatives: readonly Reachable[],
  { dialled, step }: { readonly dialled: readonly Dialled[]; readonly step: ContactChannel | null },
): CallNumber[] {
  const all = [
    ...numbersOf(phone, 'telephone', null),
    ...relatives.flatMap(({ id, name, relation, phone: written }) =>
      numbersOf(written, isDoctor(relation) ? 'general_practitioner' : 'relative', { id, name, relation }),
    ),
  ];
  const unique = all.filter(
    ({ number }, index) => all.findIndex((other) => other.number === number) === index,
  );
  const open = unique.filter((one) => !dialled.some((attempt) => isOf(attempt, one)));
  const place = ({ channel }: CallNumber): number =>
    channel === step ? -1 : DIALLED_CHANNELS.indexOf(channel);
  return open.sort((a, b) => place(a) - place(b));
}

/** A phone of before numbers were checked is shown as it is written. */
function numbersOf(
  phone: string | null,
  channel: ContactChannel,
  relative: CallNumber['relative'],
): CallNumber[] {
  if (phone === null) return [];
  const written = readPhone(phone)?.text ?? phone;
  return phoneForms(phone)
    .filter((number) => number !== '')
    .map((number) => ({ number, written, channel, relative }));
}

function isOf(attempt: Dialled, { number, channel, relative }: CallNumber): boolean {
  if (attempt.number !== null) return attempt.number === number;
  if (attempt.relativeId !== null) return attempt.relativeId === relative?.id;
  return attempt.channel === channel;
}
