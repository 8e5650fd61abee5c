import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRef } from 'react';
import { newKey } from '../calls/http.js';
import { hasChangedNothing } from '../calls/problem.js';
import { useToasts } from '../parts/toasts.js';

/** Reads the record of a patient again after a change, with what shows it elsewhere. */
export function useReadAgain(patientId: string): () => Promise<void> {
  const queries = useQueryClient();
  return async () => {
    await queries.invalidateQueries({ queryKey: ['patient', patientId] });
    for (const queryKey of [['item'], ['reason'], ['lists']]) void queries.invalidateQueries({ queryKey });
  };
}

/**
 * Saves something about the patient, shows what was done, and reads the record again. The key stays the same until the
 * server has answered, so that sending again after a lost answer saves once.
 */
export function useSaving<Input, Answer>(
  patientId: string,
  {
    send,
    textOf,
    undo,
    onSaved,
  }: {
    readonly send: (input: Input, idempotencyKey: string) => Promise<Answer>;
    readonly textOf: (answer: Answer, input: Input) => string;
    /** Offered for ten seconds. */
    readonly undo?: { readonly text: string; readonly run: () => void };
    readonly onSaved?: () => void;
  },
) {
  const readAgain = useReadAgain(patientId);
  const toasts = useToasts();
  const key = useRef<string>(undefined);
  return useMutation({
    mutationFn: (input: Input) => send(input, (key.current ??= newKey())),
    onError: (error) => {
      if (hasChangedNothing(error)) key.current = undefined;
    },
    onSuccess: async (answer, input) => {
      key.current = undefined;
      await readAgain();
      toasts.show({ text: textOf(answer, input), ...(undo && { action: { ...undo, hint: 'z' } }) });
      onSaved?.();
    },
  });
}
