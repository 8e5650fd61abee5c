import { lazy, Suspense, useState } from 'react';
import { confirmAuthenticator, enrolAuthenticator } from '../calls/account.js';
import { useChange } from '../calls/change.js';
import { FormDialog } from '../calls/form-dialog.js';
import { errorOf } from '../calls/problem.js';
import { Busy } from '../parts/busy.js';
import { Button } from '../parts/button.js';
import { Dialog, DialogActions } from '../parts/dialog.js';
import { TextField } from '../parts/field.js';
import { SecretOnce } from '../parts/secret-once.js';
import { useWords } from '../words/use-words.js';
import { accountWords } from './account-words.js';

const QrCode = lazy(() => import('./qr-code.js'));

/** Three steps: the password, the QR code with a first code, and the recovery codes. */
export function EnrolDialog({ onClose }: { readonly onClose: () => void }) {
  const words = useWords(accountWords);
  const [password, setPassword] = useState('');
  const [code, setCode] = useState('');
  const enrolling = useChange(() => enrolAuthenticator(password), { reads: [] });
  const confirming = useChange(() => confirmAuthenticator(code), { reads: [['me']] });
  if (confirming.data) return <RecoveryCodes codes={confirming.data.recoveryCodes} onClose={onClose} />;
  const enrolment = enrolling.data;
  if (enrolment === undefined)
    return (
      <FormDialog
        key="password"
        title={words.enrolTitle}
        closeLabel={words.cancel}
        submitText={words.next}
        error={enrolling.error}
        isSending={enrolling.isPending}
        onClose={onClose}
        onSubmit={() => enrolling.mutate(undefined)}
      >
        <TextField
          label={words.present}
          type="password"
          autoComplete="current-password"
          required
          autoFocus
          value={password}
          error={errorOf(enrolling.error, 'password')}
          onValue={setPassword}
        />
      </FormDialog>
    );
  return (
    <FormDialog
      key="code"
      title={words.enrolTitle}
      closeLabel={words.cancel}
      submitText={words.confirm}
      error={confirming.error}
      isSending={confirming.isPending}
      onClose={onClose}
      onSubmit={() => confirming.mutate(undefined)}
    >
      <p>{words.scan}</p>
      <Suspense fallback={<Busy text={words.loading} />}>
        <QrCode text={enrolment.otpauthUri} label={words.qr} />
      </Suspense>
      <SecretOnce
        label={words.secretLabel}
        secret={enrolment.secret}
        selectText={words.select}
        help={words.secretHelp}
      />
      <TextField
        label={words.code}
        inputMode="numeric"
        autoComplete="one-time-code"
        pattern="\d{6}"
        maxLength={6}
        required
        autoFocus
        value={code}
        error={errorOf(confirming.error, 'code')}
        onValue={setCode}
      />
    </FormDialog>
  );
}

function RecoveryCodes({
  codes,
  onClose,
}: {
  readonly codes: readonly string[];
  readonly onClose: () => void;
}) {
  const words = useWords(accountWords);
  return (
    <Dialog title={words.recoveryTitle} closeLabel={words.recoveryKept} onClose={onClose}>
      <p>{words.recoveryHelp}</p>
      <ol className="recovery-codes">
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ol>
      <DialogActions>
        <Button kind="main" onClick={onClose}>
          {words.recoveryKept}
        </Button>
        <Button onClick={() => window.print()}>{words.print}</Button>
      </DialogActions>
    </Dialog>
  );
}
