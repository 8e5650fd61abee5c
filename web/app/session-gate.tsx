import { useQuery, useQueryClient } from '@tanstack/react-query';
import { lazy, type ReactNode, Suspense, useCallback, useEffect, useState } from 'react';
import { Failure } from '../calls/failure.js';
import { meQuery, SignedIn } from '../calls/me.js';
import { isSignedOut } from '../calls/problem.js';
import { Busy } from '../parts/busy.js';
import { onDemand } from '../routing/on-demand.js';
import { usePlace } from '../routing/place.js';
import type { LockReason } from '../sign-in/lock.js';
import { useWords } from '../words/use-words.js';
import { kept } from '../words/kept.js';
import { useLanguageChoice } from '../words/language.js';
import { appWords } from './app-words.js';
import { useIdle } from './idle.js';
import type { SessionEnd } from './queries.js';

const SignInPage = lazy(() => import('../sign-in/sign-in-page.js'));
const BeginFirstRun = lazy(() => import('../first-run/begin-first-run.js'));
const Lock = onDemand(() => import('../sign-in/lock.js'));

/** The address of the link that the start of an empty program prints; its token follows as fragment. */
const FIRST_RUN = '/first-run';

/** Shows pages to signed-in people only, and locks them when they are left alone or the session has ended. */
export function SessionGate({
  sessionEnd,
  children,
}: {
  readonly sessionEnd: SessionEnd;
  readonly children: ReactNode;
}) {
  const words = useWords(appWords);
  const { path, hash } = usePlace();
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
    if (isSignedOut(error))
      return (
        <Suspense fallback={<Busy text={words.loading} />}>
          {path === FIRST_RUN && hash !== '' ? (
            <BeginFirstRun token={hash} onSignedIn={enter} />
          ) : (
            <SignInPage onSignedIn={enter} />
          )}
        </Suspense>
      );
    return error ? <Failure error={error} onRetry={enter} /> : <Busy text={words.loading} />;
  }
  return (
    <SignedIn value={me}>
      {children}
      <Suspense>
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
      </Suspense>
    </SignedIn>
  );
}
