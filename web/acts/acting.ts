import { useMutation } from '@tanstack/react-query';
import { useRef } from 'react';
import type { BulkAnswer } from '../calls/bulk.js';
import { newKey } from '../calls/http.js';
import { undoStep } from '../calls/items.js';
import { hasChangedNothing } from '../calls/problem.js';
import type { ActTarget, ItemNow } from './act.js';

/** What became of an act. */
export interface ActOutcome {
  /** `已预约 2026-11-05` */
  readonly text: string;
  /** The patients of whom everything was done. */
  readonly patientIds: readonly string[];
  readonly refused: readonly { readonly who: string; readonly why: string }[];
  /** What the items are now. */
  readonly items?: readonly ItemNow[];
  /** Takes all of it back. Returns what the items are then, if the answer shows it. */
  readonly undo?: (() => Promise<readonly ItemNow[]>) | undefined;
}

/** What each form of an act is given. */
export interface ActFormProps {
  readonly targets: readonly ActTarget[];
  readonly onOutcome: (outcome: ActOutcome) => void;
}

/**
 * Sends an act. The key stays the same until the server has answered and knows what it did, so that sending again after a
 * lost answer does it once.
 */
export function useAct<Input>(
  send: (input: Input, idempotencyKey: string) => Promise<ActOutcome>,
  onOutcome: (outcome: ActOutcome) => void,
) {
  const key = useRef<string>(undefined);
  return useMutation({
    mutationFn: (input: Input) => send(input, (key.current ??= newKey())),
    onSuccess: (outcome) => {
      key.current = undefined;
      onOutcome(outcome);
    },
    onError: (error) => {
      if (hasChangedNothing(error)) key.current = undefined;
    },
  });
}

type BulkResult = BulkAnswer['results'][number];

/**
 * The answer of a bulk request, in terms of the patients that were chosen. `undoOf` takes one row back; without it, the
 * last step of an item.
 */
export function outcomeOfMany(
  answer: BulkAnswer,
  targets: readonly ActTarget[],
  text: string,
  undoOf: (result: BulkResult) => Promise<readonly ItemNow[]> = undoItemOf,
): ActOutcome {
  const patientOf = (result: BulkResult): ActTarget | undefined =>
    targets.find(
      ({ patientId, items }) =>
        patientId === result.patientId || items.some(({ id }) => id === result.itemId),
    );
  const refusals = answer.results.filter(({ done }) => !done);
  const refusedIds = new Set(refusals.map((result) => patientOf(result)?.patientId));
  return {
    text,
    patientIds: targets.map(({ patientId }) => patientId).filter((id) => !refusedIds.has(id)),
    items: answer.results.flatMap(({ itemId, etag }) =>
      itemId === null || etag === null ? [] : [{ id: itemId, etag }],
    ),
    refused: refusals.map((result) => {
      const target = patientOf(result);
      return { who: target?.name ?? target?.mrn ?? '', why: whyOf(result.problem) };
    }),
    undo: () => undoAll(answer.results.filter(({ done }) => done).map((result) => () => undoOf(result))),
  };
}

/** The refusal, with what is wrong in each field. */
const whyOf = (problem: BulkResult['problem']): string =>
  [problem?.title, ...(problem?.errors ?? []).map(({ message }) => message)].filter(Boolean).join(' ');

/** Takes the last step of an item back. */
export async function undoItem(id: string): Promise<readonly ItemNow[]> {
  const { item } = await undoStep(id);
  const { etag, stepOn, stepUntil } = item;
  return [{ id, etag, stepOn, stepUntil, step: item.step === 'to_book' ? null : item.step }];
}

const undoItemOf = async ({ itemId }: BulkResult): Promise<readonly ItemNow[]> =>
  itemId === null ? [] : undoItem(itemId);

/** There is no bulk call for it, so a few go at a time. */
async function undoAll(undos: readonly (() => Promise<readonly ItemNow[]>)[]): Promise<readonly ItemNow[]> {
  const waiting = [...undos];
  const items: ItemNow[] = [];
  const work = async (): Promise<void> => {
    for (let undo = waiting.pop(); undo !== undefined; undo = waiting.pop()) items.push(...(await undo()));
  };
  await Promise.all([work(), work(), work()]);
  return items;
}
