import { useEffect, useRef } from 'react';
import type { Me } from '../calls/me.js';
import { Button } from '../parts/button.js';
import { useModal } from '../parts/modal.js';
import { useWords } from '../words/use-words.js';
import { CredentialsForm } from './credentials-form.js';
import { signInWords } from './sign-in-words.js';
import './sign-in.css';

/** Why the page is locked: left alone, or the server ended the session. */
export type LockReason = 'idle' | 'expired';

/**
 * Before the page, which stays as it is and is hidden, half-typed forms included. The same person continues; another
 * person begins with a new page.
 */
export default function Lock({
  me,
  reason,
  onUnlock,
}: {
  readonly me: Me;
  readonly reason: LockReason;
  readonly onUnlock: () => void;
}) {
  const words = useWords(signInWords);
  const ref = useRef<HTMLDialogElement>(null);
  useModal(ref);
  useEffect(() => {
    document.documentElement.classList.add('is-locked');
    return () => document.documentElement.classList.remove('is-locked');
  }, []);
  const startOver = (): void => location.assign('/');
  return (
    <dialog
      ref={ref}
      className="lock"
      aria-labelledby="lock-title"
      onCancel={(event) => event.preventDefault()}
      onClose={() => ref.current?.showModal()}
    >
      <header>
        <h1 id="lock-title">{words.locked}</h1>
        <p className="quiet">
          {reason === 'idle' ? words.lockedIdle : words.lockedExpired}
          {words.lockedKept}
        </p>
      </header>
      <p className="lock-person">
        <strong>{me.name}</strong> <span className="quiet">{me.hospital.name}</span>
      </p>
      <CredentialsForm
        hospital={me.hospital.code ?? ''}
        login={me.login ?? ''}
        submitText={words.unlock}
        onSignedIn={(personId) => (personId === me.id ? onUnlock() : startOver())}
      />
      <footer>
        <Button kind="quiet" onClick={startOver}>
          {words.otherPerson}
        </Button>
      </footer>
    </dialog>
  );
}
