import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { type CallCard, nextCall, stopCalling } from '../calls/call-mode.js';
import type { ListQuery } from '../calls/lists.js';
import {
  append,
  currentOf,
  EMPTY_TRAIL,
  isAtEnd,
  leftOut,
  moveBy,
  moveTo,
  type Offered,
  type Trail,
  withoutSkipped,
} from './call-trail.js';

export interface CallSession {
  readonly trail: Trail;
  readonly change: (change: (trail: Trail) => Trail) => void;
  readonly current: Offered | undefined;
  /** Undefined while it is read. */
  readonly card: CallCard | undefined;
  /** Why there is no card. */
  readonly error: unknown;
  readonly retry: () => void;
  /** Whether the list has no more patients. */
  readonly hasEnded: boolean;
  readonly end: () => void;
  readonly next: () => void;
  readonly back: () => void;
  /** Reads a card again, after something was done about the patient. */
  readonly refresh: (patientId: string) => void;
  /** Shows a patient of the trail again. */
  readonly returnTo: (patientId: string) => void;
  readonly beginAgain: () => void;
}

const entryOf = ({ patient: { id, name, mrn } }: CallCard): Offered => ({ patientId: id, name, mrn });

/** Without an answer the claims end after ten minutes. */
const release = (): void => void stopCalling().catch(() => undefined);

/** One patient after the other. While one is called, the server is asked for the next one, and keeps both. */
export function useCallSession(query: ListQuery, first: string | undefined): CallSession {
  const queries = useQueryClient();
  const [trail, change] = useState<Trail>(() =>
    first === undefined ? EMPTY_TRAIL : append(EMPTY_TRAIL, { patientId: first, name: '', mrn: '' }),
  );
  const [isEnded, setIsEnded] = useState(false);
  const current = currentOf(trail);
  const card = useCard(query, current?.patientId);
  const ahead = useAhead(query, trail, !isEnded && (card.data !== undefined || current === undefined));
  const found = ahead.data?.call;

  useEffect(() => {
    if (!isAtEnd(trail) || isEnded || !found) return;
    queries.setQueryData(cardKey(found.patient.id), found);
    change((now) => append(now, entryOf(found)));
  }, [queries, trail, isEnded, found]);
  useNames(card.data, change);
  useEffect(() => release, []);

  const refresh = (patientId: string): void =>
    void queries.invalidateQueries({ queryKey: cardKey(patientId) });
  const step = (by: 1 | -1): void => {
    const known = trail.offered[trail.at + by];
    if (known) refresh(known.patientId); // read again, and claimed again
    change((now) => moveBy(now, by));
  };
  return {
    ...{ trail, change, current },
    card: card.data,
    error: current === undefined ? ahead.error : card.error,
    retry: () => void (current === undefined ? ahead.refetch() : card.refetch()),
    hasEnded: isEnded || (current === undefined && ahead.data?.call === null),
    end: () => {
      setIsEnded(true);
      release();
    },
    next: () => step(1),
    back: () => step(-1),
    refresh,
    returnTo: (patientId) => {
      setIsEnded(false);
      change((now) => moveTo(now, patientId));
    },
    beginAgain: () => {
      queries.removeQueries({ queryKey: ['call-ahead'] });
      setIsEnded(false);
      change(withoutSkipped);
    },
  };
}

const cardKey = (patientId: string): readonly string[] => ['call', patientId];

/** What a nurse needs to call this patient. It was read in advance, unless the reader came back to the patient. */
function useCard(query: ListQuery, patientId: string | undefined) {
  return useQuery({
    queryKey: cardKey(patientId ?? ''),
    queryFn: async ({ signal }): Promise<CallCard> => {
      const { call } = await nextCall(query, { patientId }, signal);
      if (call === null) throw new Error('A patient who was asked for is always answered or refused.');
      return call;
    },
    enabled: patientId !== undefined,
    ...{ staleTime: Infinity, gcTime: 0, refetchOnWindowFocus: false, refetchOnReconnect: false },
  });
}

/** A claim ends after ten minutes, and a call may take longer. */
const CLAIM_AGAIN_MS = 240_000;

/** Whom the list offers behind the last patient of the trail. */
function useAhead(query: ListQuery, trail: Trail, isReady: boolean) {
  const last = trail.offered[trail.offered.length - 1]?.patientId;
  const newest = useRef(trail);
  useEffect(() => {
    newest.current = trail;
  });
  return useQuery({
    queryKey: ['call-ahead', query, last ?? '', trail.offered.length],
    queryFn: ({ signal }) => nextCall(query, { without: leftOut(newest.current), keep: last }, signal),
    enabled: isReady && trail.at >= trail.offered.length - 1,
    ...{ refetchInterval: CLAIM_AGAIN_MS, refetchIntervalInBackground: true },
    ...{ staleTime: Infinity, gcTime: 0, refetchOnWindowFocus: false, refetchOnReconnect: false },
  });
}

/** A session that begins with a patient of an address knows the name when the card has come. */
function useNames(card: CallCard | undefined, change: CallSession['change']): void {
  useEffect(() => {
    if (!card) return;
    const entry = entryOf(card);
    change((now) => ({
      ...now,
      offered: now.offered.map((one) =>
        one.patientId === entry.patientId && one.name === '' ? { ...one, ...entry } : one,
      ),
    }));
  }, [card, change]);
}
