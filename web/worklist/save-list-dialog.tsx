import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type SyntheticEvent, useState } from 'react';
import { Failure } from '../calls/failure.js';
import { type ListQuery, removeList, type SavedList, saveList } from '../calls/lists.js';
import { Button } from '../parts/button.js';
import { CheckList } from '../parts/check-list.js';
import { Dialog, DialogActions } from '../parts/dialog.js';
import { TextField } from '../parts/field.js';
import { useToasts } from '../parts/toasts.js';
import { useWords } from '../words/use-words.js';
import { listDialogWords } from './list-dialog-words.js';
import { worklistWords } from './worklist-words.js';

/** Saves the list with its filters, or removes the saved one that is shown. */
export default function SaveListDialog({
  query,
  saved,
  onClose,
}: {
  readonly query: ListQuery;
  readonly saved: SavedList | undefined;
  readonly onClose: () => void;
}) {
  const words = useWords(worklistWords);
  const own = useWords(listDialogWords);
  const queries = useQueryClient();
  const toasts = useToasts();
  const [name, setName] = useState('');
  const [shared, setShared] = useState(false);
  const finish = (text: string): void => {
    void queries.invalidateQueries({ queryKey: ['lists'] });
    toasts.show({ text });
    onClose();
  };
  const saving = useMutation({
    mutationFn: () => saveList(name.trim(), query, shared),
    onSuccess: () => finish(own.saved(name.trim())),
  });
  const removing = useMutation({
    mutationFn: ({ id }: SavedList) => removeList(id),
    onSuccess: (_, removed) => finish(own.removedSaved(removed.name)),
  });
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    saving.mutate();
  };
  return (
    <Dialog title={words.save} closeLabel={own.close} onClose={onClose}>
      <form className="fields" onSubmit={submit}>
        <TextField
          label={own.saveName}
          help={own.saveHelp}
          maxLength={100}
          required
          autoFocus
          value={name}
          onValue={setName}
        />
        <CheckList
          label={words.shared}
          entries={[{ id: 'shared', text: own.saveShared }]}
          chosen={shared ? ['shared'] : []}
          onChosen={(chosen) => setShared(chosen.length > 0)}
        />
        <Failure error={saving.error ?? removing.error} />
        <DialogActions>
          <Button kind="main" type="submit" busy={saving.isPending}>
            {words.save}
          </Button>
          {saved && (
            <Button kind="risky" busy={removing.isPending} onClick={() => removing.mutate(saved)}>
              {own.removeSaved}
            </Button>
          )}
        </DialogActions>
      </form>
    </Dialog>
  );
}
