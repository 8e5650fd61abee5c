import { Button } from '../parts/button.js';
import { CheckList } from '../parts/check-list.js';
import { Dialog, DialogActions } from '../parts/dialog.js';
import { useWords } from '../words/use-words.js';
import { type ColumnId, COLUMNS } from './columns.js';
import { listDialogWords } from './list-dialog-words.js';
import { worklistWords } from './worklist-words.js';

/** Which columns are shown. Each choice holds at once. */
export default function ColumnsDialog({
  chosen,
  onChoose,
  onClose,
}: {
  readonly chosen: readonly ColumnId[];
  readonly onChoose: (chosen: readonly ColumnId[]) => void;
  readonly onClose: () => void;
}) {
  const words = useWords(worklistWords);
  const own = useWords(listDialogWords);
  return (
    <Dialog title={words.chooseColumns} closeLabel={own.close} onClose={onClose}>
      <CheckList
        label={own.columnsHelp}
        entries={COLUMNS.map(({ id }) => ({ id, text: words.columns[id], isFixed: id === 'patient' }))}
        chosen={chosen}
        onChosen={(ids) => onChoose(COLUMNS.map(({ id }) => id).filter((id) => ids.includes(id)))}
      />
      <DialogActions>
        <Button kind="main" onClick={onClose}>
          {own.close}
        </Button>
      </DialogActions>
    </Dialog>
  );
}
