import type { StepShown } from './item-history.js';
import { type Kind, type Nurse, ON_APPOINTMENT, type ReadState, type Sent } from './two-nurses.js';

/** Whether concurrent acts on one item are those of one order, and whether each refusal says what happened. */

const WAITING = ['to_book', 'not_attended', 'deferred', 'declined'];
const OPEN = [...WAITING, 'booked', 'attended'];

/** From where each act is possible, and where it leads: written a second time, independently of the program. */
const TABLE: Readonly<Record<Exclude<Kind, 'undo'>, readonly [from: readonly string[], to: string]>> = {
  book: [WAITING, 'booked'],
  move: [['booked'], 'booked'],
  attended: [['booked'], 'attended'],
  not_attended: [['booked'], 'not_attended'],
  cancelled_by_patient: [['booked'], 'to_book'],
  defer: [WAITING, 'deferred'],
  decline: [WAITING, 'declined'],
  reopen: [['attended', 'not_attended', 'deferred', 'declined'], 'to_book'],
  complete: [OPEN, 'completed'],
};

/** The step of an item, and the step before each one that can be undone. */
interface ItemState {
  readonly position: string;
  readonly steps: readonly string[];
}

/** How often people have changed the item: the second number of its `ETag`. */
export const changesIn = (etag: string): number => Number(etag.split('.')[1]);

/** The number of the change that an answer reports. */
function numberOf({ act, answer: { body } }: Sent): number {
  const appointment = (body.items as { etag: string }[] | undefined)?.[0];
  return changesIn((act.kind === 'complete' ? body.etag : (body.item ?? appointment).etag) as string);
}

/** What contradicts that the acts happened one after another in the order of their numbers. */
export function contradictions(
  before: readonly StepShown[],
  { item }: Pick<ReadState, 'item'>,
  sent: readonly Sent[],
  nurses: readonly Nurse[],
): string[] {
  const found: string[] = [];
  const done = new Map<number, Sent[]>();
  for (const one of sent)
    if (one.answer.status < 300) done.set(numberOf(one), [...(done.get(numberOf(one)) ?? []), one]);
  const start = changesIn(item.etag);
  const undoable = before.filter(({ undone }) => undone === null).map(({ from }) => from);
  let now: ItemState = { position: item.step, steps: undoable };
  const positions = new Map<number, string>();
  for (let number = start; number <= Math.max(start, ...done.keys()); number++) {
    const answers = done.get(number) ?? [];
    const change = number === start ? undefined : answers.find((one) => !isRepetition(one));
    if (change) now = after(now, change, found);
    else if (number > start) found.push(`change ${number} is in no answer`);
    positions.set(number, now.position);
    for (const other of answers.filter((one) => one !== change)) {
      if (!changesNothing(other, now.position))
        found.push(`${textOf(other)} was answered with change ${number}, which is another one`);
      now = afterVisit(now, other);
    }
  }
  for (const one of sent.filter(({ answer }) => answer.status >= 300))
    found.push(...wronglyRefused(one, positions, nurses));
  return found;
}

const textOf = ({ act, nurse, answer }: Sent): string =>
  `${act.kind} of ${nurse.name} (${answer.status} ${answer.body.code ?? ''})`;

/** The same examination once more, answered as the first time; or an appointment whose item is done already. */
const isRepetition = ({ act, answer: { body } }: Sent): boolean =>
  act.kind === 'complete'
    ? body.undo === null
    : ON_APPOINTMENT.includes(act.kind) && body.items[0].step === 'completed';

/** Whether the act changes nothing about an item that stands there: it is done, or the outcome is the same again. */
function changesNothing(one: Sent, position: string): boolean {
  const { kind } = one.act;
  if (isRepetition(one)) return position === 'completed';
  return ON_APPOINTMENT.includes(kind) && kind !== 'move' && TABLE[kind as 'book'][1] === position;
}

function after({ position, steps }: ItemState, one: Sent, found: string[]): ItemState {
  const { kind } = one.act;
  if (kind === 'undo') {
    if (steps.length === 0) found.push(`${textOf(one)} had nothing to undo`);
    return { position: steps.at(-1) ?? 'to_book', steps: steps.slice(0, -1) };
  }
  const [from, to] = TABLE[kind];
  if (!from.includes(position)) found.push(`${textOf(one)} from ${position}`);
  return { position: to, steps: [...steps, position] };
}

/** The appointment of a completed item ends: should the completion be undone, the item stands where the outcome says. */
function afterVisit(now: ItemState, { act: { kind } }: Sent): ItemState {
  const isOutcome = ON_APPOINTMENT.includes(kind) && kind !== 'move';
  if (now.position !== 'completed' || !isOutcome || now.steps.at(-1) !== 'booked') return now;
  return { ...now, steps: [...now.steps.slice(0, -1), TABLE[kind as 'book'][1]] };
}

/** A refusal has a reason that held at some moment, and names the other nurse where she was first. */
function wronglyRefused(
  one: Sent,
  positions: ReadonlyMap<number, string>,
  nurses: readonly Nurse[],
): string[] {
  const { nurse, act, ifMatch, answer } = one;
  const { status, body } = answer;
  const other = nurses.find(({ name }) => name !== nurse.name)!.name;
  const wrong = [`${textOf(one)}: ${JSON.stringify(body)}`];
  if (status === 412) {
    if (ifMatch === undefined || body.etag === ifMatch) return wrong;
    if (body.appointment !== undefined)
      return body.changedBy === other || body.appointment.attentionSince !== null ? [] : wrong;
    const changes = body.changes as { author: string; undone: { by: string } | null }[];
    const areOfOther = changes.every(({ author, undone }) => author === other || undone?.by === other);
    return changes.length > 0 && areOfOther && String(body.title).includes(other) ? [] : wrong;
  }
  if (status !== 409) return wrong;
  switch (body.code) {
    case 'step-not-possible': {
      const position = positions.get(changesIn(body.item.etag as string));
      return position === undefined || TABLE[act.kind as 'book'][0].includes(position) ? wrong : [];
    }
    case 'already-booked':
    case 'appointment-closed':
      return typeof body.appointmentId === 'string' ? [] : wrong;
    case 'appointment-not-yet':
    case 'nothing-to-undo':
    case 'undo-not-possible':
      return [];
    default:
      return wrong;
  }
}
