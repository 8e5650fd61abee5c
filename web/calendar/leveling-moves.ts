import { book, moveAppointment } from '../calls/appointments.js';
import type { Leveling } from '../calls/calendar.js';
import { newKey } from '../calls/http.js';
import { undoStep } from '../calls/items.js';

export type LevelingMove = Leveling['moves'][number];

export interface LevelingResult {
  readonly moved: readonly LevelingMove[];
  readonly failed: readonly { readonly move: LevelingMove; readonly why: string }[];
}

const move = ({ appointmentId, patientId, itemIds, to }: LevelingMove): Promise<unknown> => {
  const idempotencyKey = newKey();
  return appointmentId === null
    ? book({ patientId, itemIds, date: to }, { idempotencyKey })
    : moveAppointment(appointmentId, { date: to }, { idempotencyKey });
};

/** Moves one patient after the other; one that fails does not keep the others. */
export async function carryOut(
  moves: readonly LevelingMove[],
  onProgress: (done: number) => void,
): Promise<LevelingResult> {
  const moved: LevelingMove[] = [];
  const failed: { move: LevelingMove; why: string }[] = [];
  onProgress(0);
  for (const [place, one] of moves.entries()) {
    try {
      await move(one);
      moved.push(one);
    } catch (error) {
      failed.push({ move: one, why: (error as Error).message });
    }
    onProgress(place + 1);
  }
  return { moved, failed };
}

/** Takes the moves back, the last one first; returns why one could not be taken back. */
export async function takeBack(moves: readonly LevelingMove[]): Promise<string | undefined> {
  let why: string | undefined;
  for (const { itemIds } of [...moves].reverse()) {
    try {
      await undoStep(itemIds[0] ?? '');
    } catch (error) {
      why = (error as Error).message;
    }
  }
  return why;
}
