import { type QueryKey, useMutation, useQueryClient } from '@tanstack/react-query';
import { useToasts } from '../parts/toasts.js';

/** Sends a change, reads again what it concerns, and says that it is done. */
export function useChange<Input, Answer>(
  send: (input: Input) => Promise<Answer>,
  {
    reads,
    done,
    onDone,
  }: {
    /** The queries that the change concerns. */
    readonly reads: readonly QueryKey[];
    readonly done?: string | ((answer: Answer, input: Input) => string);
    readonly onDone?: (answer: Answer, input: Input) => void;
  },
) {
  const queries = useQueryClient();
  const toasts = useToasts();
  return useMutation({
    mutationFn: send,
    onSuccess: (answer, input) => {
      for (const queryKey of reads) void queries.invalidateQueries({ queryKey });
      if (done !== undefined) toasts.show({ text: typeof done === 'string' ? done : done(answer, input) });
      onDone?.(answer, input);
    },
  });
}
