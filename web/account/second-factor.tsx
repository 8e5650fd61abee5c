import { useState } from 'react';
import { removeAuthenticator } from '../calls/account.js';
import { useChange } from '../calls/change.js';
import { FormDialog } from '../calls/form-dialog.js';
import { useMe } from '../calls/me.js';
import { errorOf } from '../calls/problem.js';
import { Button } from '../parts/button.js';
import { Chip } from '../parts/chip.js';
import { TextField } from '../parts/field.js';
import { useWords } from '../words/use-words.js';
import { accountWords } from './account-words.js';
import { EnrolDialog } from './enrol-dialog.js';

/** The authenticator of the person: set up, or removed. */
export function SecondFactor() {
  const words = useWords(accountWords);
  const { secondFactor = false, recoveryCodesLeft = 0 } = useMe();
  const [dialog, setDialog] = useState<'enrol' | 'remove'>();
  const close = (): void => setDialog(undefined);
  return (
    <div className="fields">
      <p className="quiet">{words.secondFactorHelp}</p>
      <p>
        <Chip tone={secondFactor ? 'done' : 'warning'}>
          {secondFactor ? words.isOn(recoveryCodesLeft) : words.isOff}
        </Chip>
      </p>
      <p>
        {secondFactor ? (
          <Button kind="risky" onClick={() => setDialog('remove')}>
            {words.takeAway}
          </Button>
        ) : (
          <Button onClick={() => setDialog('enrol')}>{words.enrol}</Button>
        )}
      </p>
      {dialog === 'enrol' && <EnrolDialog onClose={close} />}
      {dialog === 'remove' && <RemoveDialog onClose={close} />}
    </div>
  );
}

function RemoveDialog({ onClose }: { readonly onClose: () => void }) {
  const words = useWords(accountWords);
  const [password, setPassword] = useState('');
  const [code, setCode] = useState('');
  const removing = useChange(() => removeAuthenticator({ password, code }), {
    ...{ reads: [['me']], done: words.takenAway, onDone: onClose },
  });
  return (
    <FormDialog
      title={words.takeAway}
      closeLabel={words.cancel}
      submitText={words.takeAway}
      isRisky
      error={removing.error}
      isSending={removing.isPending}
      onClose={onClose}
      onSubmit={() => removing.mutate(undefined)}
    >
      <p>{words.takeAwayHelp}</p>
      <TextField
        label={words.present}
        type="password"
        autoComplete="current-password"
        required
        autoFocus
        value={password}
        error={errorOf(removing.error, 'password')}
        onValue={setPassword}
      />
      <TextField
        label={words.code}
        inputMode="numeric"
        autoComplete="one-time-code"
        pattern="\d{6}"
        maxLength={6}
        required
        value={code}
        error={errorOf(removing.error, 'code')}
        onValue={setCode}
      />
    </FormDialog>
  );
}
