import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Failure } from '../calls/failure.js';
import { deliveryOf, type Endpoint, sendTest, systemsKey } from '../calls/systems.js';
import { Busy } from '../parts/busy.js';
import { Button } from '../parts/button.js';
import { Dialog, DialogActions } from '../parts/dialog.js';
import { Notice } from '../parts/notice.js';
import { useWords } from '../words/use-words.js';
import { AttemptText } from './attempts.js';
import { systemsWords } from './systems-words.js';

const ASK_EVERY_MS = 700;
const PATIENCE = 20;

/** Sends a test message, waits for its first attempt, and shows what the receiver answered. */
export function TestDialog({
  endpoint: { id },
  onClose,
}: {
  readonly endpoint: Endpoint;
  readonly onClose: () => void;
}) {
  const words = useWords(systemsWords);
  const queries = useQueryClient();
  const sent = useQuery({
    queryKey: ['test-message', id],
    queryFn: () => sendTest(id),
    ...{ staleTime: Infinity, gcTime: 0, retry: false, refetchOnWindowFocus: false },
  });
  const deliveryId = sent.data?.deliveryId;
  const asked = useQuery({
    queryKey: ['test-message', id, deliveryId],
    queryFn: () => deliveryOf(id, deliveryId ?? ''),
    enabled: deliveryId !== undefined,
    gcTime: 0,
    refetchInterval: ({ state }) =>
      (state.data?.attempts.length ?? 0) > 0 || state.dataUpdateCount > PATIENCE ? false : ASK_EVERY_MS,
  });
  const attempt = asked.data?.attempts[asked.data.attempts.length - 1];
  const isSlow = asked.failureCount === 0 && asked.data !== undefined && !asked.isFetching && !attempt;
  const close = (): void => {
    void queries.invalidateQueries({ queryKey: systemsKey });
    onClose();
  };
  return (
    <Dialog title={words.testTitle} closeLabel={words.close} onClose={close}>
      <Failure error={sent.error ?? asked.error} />
      {attempt ? (
        <Notice tone={attempt.outcome === 'accepted' ? 'done' : 'late'}>
          <AttemptText attempt={attempt} />
        </Notice>
      ) : (
        !sent.error && <Busy text={isSlow ? words.testSlow : words.testRunning} />
      )}
      <DialogActions>
        <Button kind="main" onClick={close}>
          {words.close}
        </Button>
      </DialogActions>
    </Dialog>
  );
}
