import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { Failure } from '../calls/failure.js';
import { proveAgain } from '../calls/first-run.js';
import { useMe } from '../calls/me.js';
import { errorOf } from '../calls/problem.js';
import { Button } from '../parts/button.js';
import { TextField } from '../parts/field.js';
import { useWords } from '../words/use-words.js';
import { firstRunWords } from './first-run-words.js';

/** Accounts are created within five minutes after a proof of who asks; later it is asked for once more. */
export function ProveAgain({ onProven }: { readonly onProven: () => void }) {
  const words = useWords(firstRunWords);
  const { secondFactor = false } = useMe();
  const [password, setPassword] = useState('');
  const [code, setCode] = useState('');
  const proving = useMutation({ mutationFn: proveAgain, onSuccess: onProven });
  return (
    <form
      className="colleague-form"
      onSubmit={(event) => {
        event.preventDefault();
        proving.mutate({ password, ...(secondFactor && { code }) });
      }}
    >
      <TextField
        label={words.proveAgain}
        type="password"
        autoComplete="current-password"
        autoFocus
        required
        value={password}
        error={errorOf(proving.error, 'password')}
        onValue={setPassword}
      />
      {secondFactor && (
        <TextField
          label={words.proveCode}
          inputMode="numeric"
          autoComplete="one-time-code"
          required
          value={code}
          error={errorOf(proving.error, 'code')}
          onValue={setCode}
        />
      )}
      <Button type="submit" kind="main" busy={proving.isPending}>
        {words.factorConfirm}
      </Button>
      {errorOf(proving.error, 'password') === undefined && <Failure error={proving.error} />}
    </form>
  );
}
