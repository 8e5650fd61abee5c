import { useState } from 'react';
import { type NewClient, registerClient } from '../calls/access.js';
import { useChange } from '../calls/change.js';
import { FormDialog } from '../calls/form-dialog.js';
import { errorOf, Refused } from '../calls/problem.js';
import { Button } from '../parts/button.js';
import { Choices } from '../parts/choices.js';
import { Dialog, DialogActions } from '../parts/dialog.js';
import { TextArea, TextField } from '../parts/field.js';
import { SecretOnce } from '../parts/secret-once.js';
import { useWords } from '../words/use-words.js';
import { accessWords } from './access-words.js';
import { administrationWords } from './administration-words.js';
import { areComplete, KeyLimitFields, limitsIn, USUAL_LIMITS } from './key-limit-fields.js';
import { keysIn } from './pasted-keys.js';

type Place = 'url' | 'keys';

/** Registers a machine that signs in with a private key of its own (SMART backend services, CDS Hooks). */
export function ClientDialog({ onClose }: { readonly onClose: () => void }) {
  const frame = useWords(administrationWords);
  const words = useWords(accessWords);
  const [limits, setLimits] = useState(USUAL_LIMITS);
  const [place, setPlace] = useState<Place>('url');
  const [url, setUrl] = useState('');
  const [json, setJson] = useState('');
  const keys = keysIn(json);
  const registering = useChange(
    () => {
      const keySet = (place === 'url' ? { url: url.trim() } : { keys }) as NewClient['keySet'];
      return registerClient({ ...limitsIn(limits), keySet });
    },
    { reads: [['api-keys']] },
  );
  const { error, data } = registering;
  if (data)
    return (
      <Dialog title={words.clientTitle} closeLabel={frame.close} onClose={onClose}>
        <SecretOnce
          label={words.clientIdLabel}
          secret={data.id}
          selectText={words.select}
          help={words.clientIdHelp}
        />
        <DialogActions>
          <Button kind="main" onClick={onClose}>
            {frame.close}
          </Button>
        </DialogActions>
      </Dialog>
    );
  return (
    <FormDialog
      title={words.newClient}
      closeLabel={frame.cancel}
      submitText={words.newClient}
      wide
      error={error}
      isSending={registering.isPending}
      isDisabled={!areComplete(limits) || (place === 'keys' && keys === undefined)}
      onClose={onClose}
      onSubmit={() => registering.mutate(undefined)}
    >
      <p className="quiet">{words.clientIntro}</p>
      <KeyLimitFields {...{ limits, error }} onLimits={setLimits} />
      <Choices
        label={words.keySet}
        options={Object.entries(words.keyPlaces).map(([value, text]) => ({ value, text }))}
        value={place}
        onValue={(value) => setPlace(value as Place)}
      />
      {place === 'url' ? (
        <TextField
          label={words.keyUrl}
          help={words.keyUrlHelp}
          type="url"
          required
          maxLength={500}
          value={url}
          error={errorOf(error, 'keySet/url') ?? errorOf(error, 'keySet')}
          onValue={setUrl}
        />
      ) : (
        <TextArea
          label={words.keyJson}
          help={words.keyJsonHelp}
          rows={6}
          required
          spellCheck={false}
          value={json}
          error={json.trim() !== '' && keys === undefined ? words.keyJsonFault : errorOfKeys(error)}
          onValue={setJson}
        />
      )}
    </FormDialog>
  );
}

/** What is wrong in one of the keys, wherever it stands in them. */
const errorOfKeys = (error: unknown): string | undefined =>
  error instanceof Refused
    ? error.problem.errors?.find(({ pointer }) => pointer.startsWith('/keySet'))?.message
    : undefined;
