import { useQuery, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useCallback, useEffect, useState } from 'react';
import { Failure } from '../calls/failure.js';
import { meQuery } from '../calls/me.js';
import { isSignedOut } from '../calls/problem.js';
import { Busy } from '../parts/busy.js';
import { Lock, type LockReason } from '../sign-in/lock.js';
import { SignInPage } from '../sign-in/sign-in-page.js';
import { useWords } from '../words/use-words.js';
import { kept } from '../words/kept.js';
import { useLanguageChoice } from '../words/language.js';
import { appWords } from './app-words.js';
import { useIdle } from './idle.js';
import type { SessionEnd } from './queries.js';

/** Shows pages to signed-in people only, and locks them when they are left alone or the session has ended. */
export function SessionGate({
  sessionEnd,
  children,
}: {
  readonly sessionEnd: SessionEnd;
  readonly children: ReactNode;
}) {
  const words = useWords(appWords);
  const queries = useQueryClient();
  const { data: me, error, refetch } = useQuery(meQuery);
  const [lock, setLock] = useState<LockReason>();
  const { choose } = useLanguageChoice();
  const onIdle = useCallback(() => setLock((present) => present ?? 'idle'), []);
  useIdle(me?.hospital.idleMinutes, onIdle);
  useEffect(() => {
    sessionEnd.onEnd = () => setLock('expired');
  }, [sessionEnd]);
  useEffect(() => {
    if (me?.language !== undefined && kept('language') === undefined) choose(me.language);
  }, [me?.language, choose]);

  if (me === undefined) {
    const enter = (): void => {
      setLock(undefined);
      void refetch();
    };
    if (isSignedOut(error)) return <SignInPage onSignedIn={enter} />;
    return error ? <Failure error={error} onRetry={enter} /> : <Busy text={words.loading} />;
  }
  return (
    <>
      {children}
      {lock && (
        <Lock
          me={me}
          reason={lock}
          onUnlock={() => {
            setLock(undefined);
            // What failed while the page was locked; everything else stays as it was.
            void queries.refetchQueries({
              predicate: ({ state }) => state.status === 'error' || state.error !== null,
            });
          }}
        />
      )}
    </>
  );
}
