import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Button } from '../parts/button.js';
import { TextField } from '../parts/field.js';
import { useWords } from '../words/use-words.js';
import { FormDialog } from './form-dialog.js';
import { useMe } from './me.js';
import { errorOf, isRefused } from './problem.js';
import { signInOptionsQuery, ssoAddress, stepUp } from './session.js';
import { stepUpWords } from './step-up-words.js';

/** Password and code once more, or a new sign-in where another system knows the person. */
export default function StepUpDialog({ onEnd }: { readonly onEnd: (isProven: boolean) => void }) {
  const words = useWords(stepUpWords);
  const me = useMe();
  const [password, setPassword] = useState('');
  const [code, setCode] = useState('');
  const [usesRecovery, setUsesRecovery] = useState(false);
  const proving = useMutation({ mutationFn: stepUp, onSuccess: () => onEnd(true) });
  const hasNoPassword = isRefused(proving.error, 'no-password');
  const field = usesRecovery ? 'recoveryCode' : 'code';
  return (
    <FormDialog
      title={words.title}
      closeLabel={words.close}
      submitText={words.confirm}
      error={proving.error}
      isSending={proving.isPending}
      onClose={() => onEnd(false)}
      onSubmit={() => proving.mutate({ password, ...(me.secondFactor === true && { [field]: code }) })}
    >
      <p>{words.why}</p>
      {!hasNoPassword && (
        <TextField
          label={words.password}
          type="password"
          autoComplete="current-password"
          autoFocus
          required
          value={password}
          error={errorOf(proving.error, 'password')}
          onValue={setPassword}
        />
      )}
      {me.secondFactor === true && (
        <>
          <TextField
            label={words[field]}
            inputMode={usesRecovery ? 'text' : 'numeric'}
            autoComplete="one-time-code"
            required
            value={code}
            error={errorOf(proving.error, field)}
            onValue={setCode}
          />
          {!usesRecovery && (
            <Button kind="quiet" onClick={() => setUsesRecovery(true)}>
              {words.useRecoveryCode}
            </Button>
          )}
        </>
      )}
      {hasNoPassword && <SignInAgain hospital={me.hospital.code ?? ''} onDone={() => onEnd(true)} />}
    </FormDialog>
  );
}

/** The page stays open: a half-filled form must not be lost. */
function SignInAgain({ hospital, onDone }: { readonly hospital: string; readonly onDone: () => void }) {
  const words = useWords(stepUpWords);
  const { data } = useQuery(signInOptionsQuery(hospital));
  return (
    <>
      <p>{words.sso}</p>
      {data?.providers.map(({ code, name }) => (
        <p key={code}>
          <a
            href={`${ssoAddress(hospital, code)}?reauthenticate=true`}
            target="_blank"
            rel="noopener noreferrer"
          >
            {words.again(name)}
          </a>
        </p>
      ))}
      <Button onClick={onDone}>{words.signedInAgain}</Button>
    </>
  );
}
