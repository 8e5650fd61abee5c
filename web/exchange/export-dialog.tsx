import { useState } from 'react';
import { beginExport, exportsKey } from '../calls/bulk-exports.js';
import { useChange } from '../calls/change.js';
import { FormDialog } from '../calls/form-dialog.js';
import { useMe } from '../calls/me.js';
import { errorOf } from '../calls/problem.js';
import { CheckList } from '../parts/check-list.js';
import { Choices } from '../parts/choices.js';
import { TextField } from '../parts/field.js';
import { Notice } from '../parts/notice.js';
import { instantAt } from '../words/dates.js';
import { useWords } from '../words/use-words.js';
import { EXPORT_TYPES } from './export-types.js';
import { exportWords } from './export-words.js';

/** Begins an export of all patients. */
export function ExportDialog({ onClose }: { readonly onClose: () => void }) {
  const words = useWords(exportWords);
  const { timeZone } = useMe().hospital;
  const [types, setTypes] = useState<readonly string[]>();
  const [since, setSince] = useState('');
  const beginning = useChange(
    () =>
      beginExport({
        ...(types && { types }),
        ...(since !== '' && { since: instantAt(since, timeZone) }),
      }),
    { reads: [exportsKey], done: words.begun, onDone: onClose },
  );
  return (
    <FormDialog
      title={words.begin}
      closeLabel={words.cancel}
      submitText={words.begin}
      error={beginning.error}
      isSending={beginning.isPending}
      isDisabled={types?.length === 0}
      onClose={onClose}
      onSubmit={() => beginning.mutate(undefined)}
    >
      <Notice tone="warning" title={words.beginHelp} />
      <Choices
        label={words.types}
        options={[
          { value: 'all', text: words.allTypes },
          { value: 'some', text: words.chosenTypes },
        ]}
        value={types === undefined ? 'all' : 'some'}
        onValue={(value) => setTypes(value === 'all' ? undefined : ['Patient'])}
      />
      {types && (
        <CheckList
          label={words.chosenTypes}
          entries={EXPORT_TYPES.map((type) => ({ id: type, text: type }))}
          chosen={types}
          onChosen={setTypes}
        />
      )}
      <TextField
        label={words.since}
        help={words.sinceHelp}
        type="datetime-local"
        value={since}
        error={errorOf(beginning.error, 'since')}
        onValue={setSince}
      />
    </FormDialog>
  );
}
