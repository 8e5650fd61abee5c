import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { replayDelivery, systemsKey } from '../calls/systems.js';
import { Button } from '../parts/button.js';
import { Notice } from '../parts/notice.js';
import { Progress } from '../parts/progress.js';
import { useWords } from '../words/use-words.js';
import { deliveryWords } from './delivery-words.js';
import { actOnEach, type ManyOutcome } from './many-replays.js';

/** Replays the chosen deliveries. It shows how far it is, can be stopped, and ends when the page is left. */
export function BulkReplay({
  ids,
  onDone,
}: {
  readonly ids: readonly string[];
  readonly onDone: () => void;
}) {
  const words = useWords(deliveryWords);
  const queries = useQueryClient();
  const [run, setRun] = useState<{ readonly over: number; readonly total: number }>();
  const [outcome, setOutcome] = useState<ManyOutcome>();
  const stopped = useRef(false);
  useEffect(() => {
    stopped.current = false;
    return () => {
      stopped.current = true;
    };
  }, []);
  const start = async (): Promise<void> => {
    stopped.current = false;
    setOutcome(undefined);
    const total = ids.length;
    setRun({ over: 0, total });
    const ended = await actOnEach(ids, replayDelivery, {
      isStopped: () => stopped.current,
      onProgress: (over) => setRun({ over, total }),
    });
    setRun(undefined);
    setOutcome(ended);
    onDone();
    void queries.invalidateQueries({ queryKey: systemsKey });
  };
  if (run)
    return (
      <div className="bulk-replay">
        <Progress text={words.replaying(run.over, run.total)} done={run.over} total={run.total} />
        <Button onClick={() => (stopped.current = true)}>{words.stop}</Button>
      </div>
    );
  return (
    <>
      {ids.length > 0 && (
        <div className="bulk-replay">
          <Button kind="main" onClick={() => void start()}>
            {words.replaySelected(ids.length)}
          </Button>
        </div>
      )}
      {outcome && (
        <Notice
          tone={outcome.failed.length > 0 ? 'warning' : 'done'}
          title={
            outcome.failed.length > 0
              ? words.replayPartly(outcome.done, outcome.failed.length)
              : words.replayDone(outcome.done)
          }
        >
          <ul>
            {[...new Set(outcome.failed.map(({ why }) => why))].map((why) => (
              <li key={why}>{why}</li>
            ))}
          </ul>
        </Notice>
      )}
    </>
  );
}
