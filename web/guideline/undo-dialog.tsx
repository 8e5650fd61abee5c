import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type SyntheticEvent, useState } from 'react';
import { Failure } from '../calls/failure.js';
import { undoRollout } from '../calls/policy.js';
import { errorOf } from '../calls/problem.js';
import { Button } from '../parts/button.js';
import { Dialog, DialogActions } from '../parts/dialog.js';
import { TextArea } from '../parts/field.js';
import { useToasts } from '../parts/toasts.js';
import { useWords } from '../words/use-words.js';
import { policyWords } from './policy-words.js';

/** Rolls a change back, with a reason. */
export function UndoDialog({ id, onClose }: { readonly id: string; readonly onClose: () => void }) {
  const words = useWords(policyWords);
  const queries = useQueryClient();
  const toasts = useToasts();
  const [reason, setReason] = useState('');
  const undoing = useMutation({
    mutationFn: () => undoRollout(id, reason),
    onSuccess: async () => {
      toasts.show({ text: words.undone });
      await queries.invalidateQueries({ queryKey: ['rollouts'] });
      onClose();
    },
  });
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    undoing.mutate();
  };
  return (
    <Dialog title={words.undoTitle} closeLabel={words.close} onClose={onClose}>
      <form onSubmit={submit}>
        <p>{words.undoHelp}</p>
        <TextArea
          label={words.reason}
          error={errorOf(undoing.error, 'reason')}
          value={reason}
          maxLength={500}
          required
          autoFocus
          onValue={setReason}
        />
        <Failure error={undoing.error} />
        <DialogActions>
          <Button kind="risky" type="submit" busy={undoing.isPending}>
            {words.undo}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
