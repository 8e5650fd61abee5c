import { Button } from '../parts/button.js';
import { Dialog, DialogActions } from '../parts/dialog.js';
import { SecretOnce } from '../parts/secret-once.js';
import { useWords } from '../words/use-words.js';
import { systemsWords } from './systems-words.js';

/** What the server shows this one time: the signing secret, and the key by which payloads are read. */
export function SecretDialog({
  secret,
  payloadKey,
  onClose,
}: {
  readonly secret?: string | undefined;
  readonly payloadKey?: string | undefined;
  readonly onClose: () => void;
}) {
  const words = useWords(systemsWords);
  const shared = { selectText: words.select, help: words.secretHelp };
  return (
    <Dialog title={words.secretTitle} closeLabel={words.secretKept} onClose={onClose}>
      <div className="fields">
        {secret !== undefined && <SecretOnce {...shared} label={words.secretLabel} secret={secret} />}
        {payloadKey !== undefined && (
          <SecretOnce {...shared} label={words.payloadKeyLabel} secret={payloadKey} />
        )}
      </div>
      <DialogActions>
        <Button kind="main" onClick={onClose}>
          {words.secretKept}
        </Button>
      </DialogActions>
    </Dialog>
  );
}
