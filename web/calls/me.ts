import { queryOptions, useSuspenseQuery } from '@tanstack/react-query';
import type { MeController } from '../../src/accounts/people/me.controller.js';
import { type AnswerOf, get } from './http.js';

export type Me = AnswerOf<MeController['show']>;

/** Who is signed in. Read again once a minute, because the day of the hospital changes at midnight. */
export const meQuery = queryOptions({
  queryKey: ['me'],
  queryFn: ({ signal }) => get<Me>('/me', undefined, signal),
  staleTime: 60_000,
});

/** Inside of pages, which are shown to signed-in people only. */
export const useMe = (): Me => useSuspenseQuery(meQuery).data;

/** The day at the hospital. */
export const useToday = (): string => useMe().hospital.today;
