import { useMutation } from '@tanstack/react-query';
import { type SyntheticEvent, useState } from 'react';
import { renderSVG } from 'uqr';
import { Failure } from '../calls/failure.js';
import { confirmAuthenticator, enrolAuthenticator } from '../calls/first-run.js';
import { errorOf } from '../calls/problem.js';
import { Button } from '../parts/button.js';
import { TextField } from '../parts/field.js';
import { Notice } from '../parts/notice.js';
import { useWords } from '../words/use-words.js';
import { firstRunWords } from './first-run-words.js';

interface SecondFactorProps {
  /** Where it was typed a moment ago. */
  readonly password?: string;
  readonly onDone: () => void;
  readonly onLater: () => void;
}

/** An authenticator for the administrator: scanned, confirmed by a code, with recovery codes to keep. */
export function SecondFactor({ password: known, onDone, onLater }: SecondFactorProps) {
  const words = useWords(firstRunWords);
  const [password, setPassword] = useState(known ?? '');
  const enrolling = useMutation({ mutationFn: enrolAuthenticator });
  const confirming = useMutation({ mutationFn: confirmAuthenticator });
  if (confirming.data) return <RecoveryCodes codes={confirming.data.recoveryCodes} onKept={onDone} />;
  return (
    <div className="fields">
      <h2>{words.factorHeading}</h2>
      <p>{words.factorIntro}</p>
      {enrolling.data ? (
        <Scanned
          secret={enrolling.data.secret}
          uri={enrolling.data.otpauthUri}
          error={confirming.error}
          isSending={confirming.isPending}
          onCode={(code) => confirming.mutate(code)}
        />
      ) : (
        <form
          className="fields"
          onSubmit={(event) => {
            event.preventDefault();
            enrolling.mutate(password);
          }}
        >
          {known === undefined && (
            <TextField
              label={words.factorPassword}
              type="password"
              autoComplete="current-password"
              required
              value={password}
              error={errorOf(enrolling.error, 'password')}
              onValue={setPassword}
            />
          )}
          <Failure error={enrolling.error} />
          <Button kind="main" type="submit" busy={enrolling.isPending} autoFocus>
            {words.factorShow}
          </Button>
        </form>
      )}
      <div className="first-run-actions">
        <Button kind="quiet" onClick={onLater}>
          {words.later}
        </Button>
      </div>
    </div>
  );
}

function Scanned({
  secret,
  uri,
  error,
  isSending,
  onCode,
}: {
  readonly secret: string;
  readonly uri: string;
  readonly error: unknown;
  readonly isSending: boolean;
  readonly onCode: (code: string) => void;
}) {
  const words = useWords(firstRunWords);
  const [code, setCode] = useState('');
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    onCode(code);
  };
  const picture = `data:image/svg+xml,${encodeURIComponent(renderSVG(uri, { border: 2 }))}`;
  return (
    <form className="second-factor" onSubmit={submit}>
      <img src={picture} alt={words.qrLabel} width={196} height={196} />
      <div className="fields">
        <p className="quiet">
          {words.factorSecret}{' '}
          <code className="second-factor-secret">{secret.replace(/(.{4})/g, '$1 ')}</code>
        </p>
        <TextField
          label={words.factorCode}
          inputMode="numeric"
          autoComplete="one-time-code"
          pattern="\d{6}"
          maxLength={6}
          required
          autoFocus
          value={code}
          error={errorOf(error, 'code')}
          onValue={setCode}
        />
        {errorOf(error, 'code') === undefined && <Failure error={error} />}
        <div>
          <Button kind="main" type="submit" busy={isSending}>
            {words.factorConfirm}
          </Button>
        </div>
      </div>
    </form>
  );
}

function RecoveryCodes({
  codes,
  onKept,
}: {
  readonly codes: readonly string[];
  readonly onKept: () => void;
}) {
  const words = useWords(firstRunWords);
  return (
    <div className="fields">
      <Notice tone="done" title={words.factorDone} />
      <p>{words.recoveryIntro}</p>
      <ul className="recovery-codes">
        {codes.map((code) => (
          <li key={code}>
            <code>{code}</code>
          </li>
        ))}
      </ul>
      <div className="first-run-actions not-printed">
        <Button kind="main" onClick={onKept}>
          {words.kept}
        </Button>
        <Button onClick={() => print()}>{words.print}</Button>
      </div>
    </div>
  );
}
