import { queryOptions } from '@tanstack/react-query';
import { createContext, use } from 'react';
import type { MeController } from '../../src/accounts/people/me.controller.js';
import { type AnswerOf, get } from './http.js';

export type Me = AnswerOf<MeController['show']>;

/** Who is signed in. Read again once a minute, because the day of the hospital changes at midnight. */
export const meQuery = queryOptions({
  queryKey: ['me'],
  queryFn: ({ signal }) => get<Me>('/me', undefined, signal),
  staleTime: 60_000,
});

/** Whom the pages below are shown to. A context costs nothing in each of a thousand cells; a query does. */
export const SignedIn = createContext<Me | undefined>(undefined);

/** Inside of pages, which are shown to signed-in people only. */
export function useMe(): Me {
  const me = use(SignedIn);
  if (!me) throw new Error('useMe is called outside of SignedIn.');
  return me;
}

/** The day at the hospital. */
export const useToday = (): string => useMe().hospital.today;

const CARE: readonly Me['roles'][number][] = ['nurse', 'head_nurse', 'clinician'];

/** Whether the reader may act about patients. The server decides; this only hides what it would refuse. */
export const useMayCare = (): boolean => useMe().roles.some((role) => CARE.includes(role));
