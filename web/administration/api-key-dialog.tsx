import { useState } from 'react';
import { makeApiKey } from '../calls/access.js';
import { useChange } from '../calls/change.js';
import { FormDialog } from '../calls/form-dialog.js';
import { Button } from '../parts/button.js';
import { Dialog, DialogActions } from '../parts/dialog.js';
import { SecretOnce } from '../parts/secret-once.js';
import { useWords } from '../words/use-words.js';
import { accessWords } from './access-words.js';
import { administrationWords } from './administration-words.js';
import { areComplete, KeyLimitFields, limitsIn, USUAL_LIMITS } from './key-limit-fields.js';

/** Makes a key for one system, and shows it this one time. */
export function ApiKeyDialog({ onClose }: { readonly onClose: () => void }) {
  const frame = useWords(administrationWords);
  const words = useWords(accessWords);
  const [limits, setLimits] = useState(USUAL_LIMITS);
  const making = useChange(() => makeApiKey(limitsIn(limits)), { reads: [['api-keys']] });
  if (making.data) return <KeyShown apiKey={making.data.key} onClose={onClose} />;
  return (
    <FormDialog
      title={words.newKey}
      closeLabel={frame.cancel}
      submitText={words.newKey}
      wide
      error={making.error}
      isSending={making.isPending}
      isDisabled={!areComplete(limits)}
      onClose={onClose}
      onSubmit={() => making.mutate(undefined)}
    >
      <KeyLimitFields limits={limits} error={making.error} onLimits={setLimits} />
    </FormDialog>
  );
}

function KeyShown({ apiKey, onClose }: { readonly apiKey: string; readonly onClose: () => void }) {
  const words = useWords(accessWords);
  return (
    <Dialog title={words.keyTitle} closeLabel={words.keyKept} onClose={onClose}>
      <SecretOnce label={words.keyLabel} secret={apiKey} selectText={words.select} help={words.keyHelp} />
      <DialogActions>
        <Button kind="main" onClick={onClose}>
          {words.keyKept}
        </Button>
      </DialogActions>
    </Dialog>
  );
}
