import { useMutation } from '@tanstack/react-query';
import { type SyntheticEvent, useState } from 'react';
import { Failure } from '../calls/failure.js';
import { errorOf, isRefused } from '../calls/problem.js';
import { type Credentials, signIn } from '../calls/session.js';
import { Button } from '../parts/button.js';
import { TextField } from '../parts/field.js';
import { Notice } from '../parts/notice.js';
import { useWords } from '../words/use-words.js';
import { signInWords } from './sign-in-words.js';

/** What the server asks for beside the password, once it knows who signs in. */
type Proof = 'totp' | 'recoveryCode';

/** Proves who signs in: the password or set-up code, and what the server then asks for. */
export function CredentialsForm({
  hospital,
  login,
  submitText,
  onSignedIn,
}: {
  readonly hospital: string;
  /** Fixed where a locked page waits for the same person. */
  readonly login?: string;
  readonly submitText: string;
  readonly onSignedIn: (personId: string) => void;
}) {
  const words = useWords(signInWords);
  const [typed, setTyped] = useState<Partial<Credentials>>({});
  const [hasSetupCode, setHasSetupCode] = useState(false);
  const [proof, setProof] = useState<Proof>();
  const [needsNewPassword, setNeedsNewPassword] = useState(false);
  const attempt = useMutation({
    mutationFn: signIn,
    onSuccess: ({ person }) => onSignedIn(person.id),
    onError: (error) => {
      if (isRefused(error, 'second-factor-required')) setProof('totp');
      if (isRefused(error, 'new-password-required')) setNeedsNewPassword(true);
    },
  });
  const type = (field: keyof Credentials) => (value: string) => setTyped({ ...typed, [field]: value });
  const valueOf = (field: keyof Credentials): string => typed[field] ?? '';
  const errorFor = (field: string): string | undefined => errorOf(attempt.error, field);
  const isAsking =
    isRefused(attempt.error, 'second-factor-required') || isRefused(attempt.error, 'new-password-required');

  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    const wanted: readonly (keyof Credentials)[] = [
      hasSetupCode ? 'setupCode' : 'password',
      ...(hasSetupCode || needsNewPassword ? (['newPassword'] as const) : []),
      ...(proof ? [proof] : []),
    ];
    attempt.mutate({
      hospital,
      login: login ?? valueOf('login'),
      ...Object.fromEntries(wanted.map((field) => [field, valueOf(field)])),
    });
  };

  return (
    <form className="fields" onSubmit={submit}>
      {login === undefined && (
        <TextField
          label={words.login}
          autoComplete="username"
          autoFocus
          required
          value={valueOf('login')}
          error={errorFor('login')}
          onValue={type('login')}
        />
      )}
      {hasSetupCode ? (
        <TextField
          label={words.setupCode}
          help={words.setupCodeHelp}
          required
          value={valueOf('setupCode')}
          error={errorFor('setupCode')}
          onValue={type('setupCode')}
        />
      ) : (
        <TextField
          label={words.password}
          type="password"
          autoComplete="current-password"
          autoFocus={login !== undefined}
          required
          value={valueOf('password')}
          error={errorFor('password')}
          onValue={type('password')}
        />
      )}
      {(hasSetupCode || needsNewPassword) && (
        <TextField
          label={words.newPassword}
          type="password"
          autoComplete="new-password"
          required
          value={valueOf('newPassword')}
          error={errorFor('newPassword')}
          onValue={type('newPassword')}
        />
      )}
      {proof && (
        <ProofField
          proof={proof}
          value={valueOf(proof)}
          error={errorFor(proof)}
          onValue={type(proof)}
          onInstead={() => setProof('recoveryCode')}
        />
      )}
      {isAsking ? (
        <Notice title={proof ? words.totpAsked : words.newPasswordAsked} />
      ) : (
        <SignInFailure error={attempt.error} />
      )}
      <div className="credentials-actions">
        <Button kind="main" type="submit" busy={attempt.isPending}>
          {submitText}
        </Button>
        {login === undefined && (
          <Button kind="quiet" onClick={() => setHasSetupCode(!hasSetupCode)}>
            {hasSetupCode ? words.usePassword : words.useSetupCode}
          </Button>
        )}
      </div>
    </form>
  );
}

function ProofField({
  proof,
  onInstead,
  ...field
}: {
  readonly proof: Proof;
  readonly value: string;
  readonly error: string | undefined;
  readonly onValue: (value: string) => void;
  readonly onInstead: () => void;
}) {
  const words = useWords(signInWords);
  if (proof === 'recoveryCode') return <TextField label={words.recoveryCode} autoFocus required {...field} />;
  return (
    <>
      <TextField
        label={words.totp}
        inputMode="numeric"
        autoComplete="one-time-code"
        pattern="\d{6}"
        maxLength={6}
        autoFocus
        required
        {...field}
      />
      <Button kind="quiet" onClick={onInstead}>
        {words.useRecoveryCode}
      </Button>
    </>
  );
}

/** A refused password answers 401 like an ended session, which `Failure` leaves to the lock. */
function SignInFailure({ error }: { readonly error: unknown }) {
  if (isRefused(error, 'sign-in-failed')) return <Notice tone="late" title={error.problem.title} />;
  return <Failure error={error} />;
}
