import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { type Leveling, levelingQuery } from '../calls/calendar.js';
import { Failure } from '../calls/failure.js';
import { useActivityName } from '../items/item-facts.js';
import { Busy } from '../parts/busy.js';
import { Button } from '../parts/button.js';
import { CheckList } from '../parts/check-list.js';
import { Dialog, DialogActions } from '../parts/dialog.js';
import { EmptyState } from '../parts/empty-state.js';
import { Notice } from '../parts/notice.js';
import { useToasts } from '../parts/toasts.js';
import { dayText } from '../words/dates.js';
import { useLanguage } from '../words/language.js';
import { useWords } from '../words/use-words.js';
import { calendarWords } from './calendar-words.js';
import { carryOut, type LevelingMove, type LevelingResult, takeBack } from './leveling-moves.js';
import './leveling-dialog.css';

/** Which patients of an overfull week to move, and to which day. The reader chooses; nothing moves before. */
export default function LevelingDialog({
  week,
  mayCare,
  onClose,
}: {
  readonly week: string;
  readonly mayCare: boolean;
  readonly onClose: () => void;
}) {
  const words = useWords(calendarWords);
  const { data, error, refetch } = useQuery({ ...levelingQuery(week), staleTime: Infinity });
  return (
    <Dialog
      title={words.levelTitle(dayText(week, useLanguage()))}
      closeLabel={words.close}
      wide
      onClose={onClose}
    >
      <p className="quiet">{words.levelHelp}</p>
      <Failure error={error} onRetry={() => void refetch()} />
      {data === undefined && !error && <Busy text={words.loading} />}
      {data && <Proposal leveling={data} {...{ mayCare, onClose }} />}
    </Dialog>
  );
}

const idOf = ({ itemIds }: LevelingMove): string => itemIds[0] ?? '';

function Proposal({
  leveling: { moves, left, isPartial },
  mayCare,
  onClose,
}: {
  readonly leveling: Leveling;
  readonly mayCare: boolean;
  readonly onClose: () => void;
}) {
  const words = useWords(calendarWords);
  const [chosen, setChosen] = useState<readonly string[]>(() => moves.map(idOf));
  const { run, done, failed } = useLeveling(onClose);
  const wanted = moves.filter((move) => chosen.includes(idOf(move)));
  return (
    <>
      {isPartial && <Notice tone="warning" title={words.levelPartial} />}
      {moves.length === 0 && <EmptyState title={words.levelNone} />}
      {moves.length > 0 && (
        <CheckList
          label={words.patient}
          entries={moves.map((move) => ({
            id: idOf(move),
            text: <MoveText move={move} />,
            isFixed: !mayCare || done !== undefined,
          }))}
          chosen={chosen}
          onChosen={setChosen}
        />
      )}
      <Left left={left} />
      {failed.length > 0 && (
        <Notice tone="late" title={words.levelFailed(failed.length)}>
          <ul>
            {failed.map(({ move, why }) => (
              <li key={idOf(move)}>
                <strong>{move.name ?? move.mrn}</strong> {why}
              </li>
            ))}
          </ul>
        </Notice>
      )}
      {mayCare && moves.length > 0 && (
        <DialogActions>
          <Button
            kind="main"
            busy={done !== undefined && failed.length === 0}
            disabled={wanted.length === 0 || done !== undefined}
            onClick={() => void run(wanted)}
          >
            {done === undefined ? words.levelRun(wanted.length) : words.levelProgress(done, wanted.length)}
          </Button>
        </DialogActions>
      )}
    </>
  );
}

function MoveText({
  move: { name, mrn, activities, from, to, appointmentId },
}: {
  readonly move: LevelingMove;
}) {
  const words = useWords(calendarWords);
  const language = useLanguage();
  const nameOf = useActivityName();
  return (
    <>
      <strong>{name ?? mrn}</strong> {words.fromTo(dayText(from, language), dayText(to, language))}
      <span className="leveling-detail quiet small">
        {activities.map(nameOf).join(' · ')} · {appointmentId === null ? words.notBooked : words.isBooked}
      </span>
    </>
  );
}

/** Moves one after the other; says what failed, and offers to take all others back. */
function useLeveling(onClose: () => void) {
  const words = useWords(calendarWords);
  const toasts = useToasts();
  const queries = useQueryClient();
  const [done, setDone] = useState<number>();
  const [failed, setFailed] = useState<LevelingResult['failed']>([]);
  const readAgain = (): void => void queries.invalidateQueries({ queryKey: ['calendar'] });
  const undo = async (moved: readonly LevelingMove[]): Promise<void> => {
    const why = await takeBack(moved);
    toasts.show(why === undefined ? { text: words.undone } : { text: why, tone: 'late' });
    readAgain();
  };
  const run = async (moves: readonly LevelingMove[]): Promise<void> => {
    const result = await carryOut(moves, setDone);
    readAgain();
    setFailed(result.failed);
    if (result.failed.length === 0) onClose();
    if (result.moved.length > 0)
      toasts.show({
        text: words.levelled(result.moved.length),
        action: { text: words.undo, hint: 'z', run: () => void undo(result.moved) },
      });
  };
  return { run, done, failed };
}

/** Items that no day inside their windows can take. */
function Left({ left }: { readonly left: Leveling['left'] }) {
  const words = useWords(calendarWords);
  const nameOf = useActivityName();
  if (left.length === 0) return null;
  return (
    <Notice tone="warning" title={words.left}>
      <ul>
        {left.map(({ itemId, name, mrn, activity, day }) => (
          <li key={itemId}>
            {name ?? mrn} {nameOf(activity)} {day}
          </li>
        ))}
      </ul>
    </Notice>
  );
}
