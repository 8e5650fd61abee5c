import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRef } from 'react';
import { newKey } from '../calls/http.js';
import { Refused } from '../calls/problem.js';
import { useToasts } from '../parts/toasts.js';

/**
 * Saves something about the patient, shows what was done, and reads the record again. The key stays the same until the
 * server has answered, so that sending again after a lost answer saves once.
 */
export function useSaving<Input, Answer>(
  patientId: string,
  {
    send,
    textOf,
    onSaved,
  }: {
    readonly send: (input: Input, idempotencyKey: string) => Promise<Answer>;
    readonly textOf: (answer: Answer, input: Input) => string;
    readonly onSaved?: () => void;
  },
) {
  const queries = useQueryClient();
  const toasts = useToasts();
  const key = useRef<string>(undefined);
  return useMutation({
    mutationFn: (input: Input) => send(input, (key.current ??= newKey())),
    onError: (error) => {
      if (error instanceof Refused) key.current = undefined;
    },
    onSuccess: async (answer, input) => {
      key.current = undefined;
      await queries.invalidateQueries({ queryKey: ['patient', patientId] });
      for (const queryKey of [['item'], ['reason'], ['lists']]) void queries.invalidateQueries({ queryKey });
      toasts.show({ text: textOf(answer, input) });
      onSaved?.();
    },
  });
}
