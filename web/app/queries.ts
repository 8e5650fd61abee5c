import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { isSignedOut, Refused } from '../calls/problem.js';

/** Rings when any call finds that the server has ended the session. */
export class SessionEnd {
  onEnd: () => void = () => undefined;
}

const RETRIES = 2;

/** One memory of answers for all pages. */
export function createQueries(): { readonly client: QueryClient; readonly sessionEnd: SessionEnd } {
  const sessionEnd = new SessionEnd();
  const onError = (error: Error): void => {
    if (isSignedOut(error) && error.problem.code !== 'sign-in-failed') sessionEnd.onEnd();
  };
  const client = new QueryClient({
    queryCache: new QueryCache({ onError }),
    mutationCache: new MutationCache({ onError }),
    defaultOptions: {
      queries: {
        // In an intranet the browser does not know whether the server can be reached.
        networkMode: 'always',
        staleTime: 15_000,
        retry: (failures, error) => !(error instanceof Refused) && failures < RETRIES,
      },
      mutations: { networkMode: 'always' },
    },
  });
  return { client, sessionEnd };
}
