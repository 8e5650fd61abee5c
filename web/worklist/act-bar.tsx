import { ACT_KEYS, ACT_KINDS, type ActKind } from '../acts/act.js';
import { actWords } from '../acts/act-name-words.js';
import { useMayCare } from '../calls/me.js';
import { Button } from '../parts/button.js';
import { useWords } from '../words/use-words.js';
import { worklistWords } from './worklist-words.js';
import './act-bar.css';

/** What can be done about the selected rows, or about the row under the cursor. */
export function ActBar({
  selected,
  isDisabled,
  onAct,
  onCalls,
  onClear,
}: {
  readonly selected: number;
  readonly isDisabled: boolean;
  readonly onAct: (kind: ActKind) => void;
  readonly onCalls: () => void;
  readonly onClear: () => void;
}) {
  const words = useWords(worklistWords);
  const acts = useWords(actWords);
  const mayCare = useMayCare();
  return (
    <div className="act-bar not-printed" role="toolbar" aria-label={words.acting}>
      {ACT_KINDS.map((kind) => (
        <Button key={kind} hint={ACT_KEYS[kind]} disabled={isDisabled} onClick={() => onAct(kind)}>
          {acts[kind]}
        </Button>
      ))}
      {mayCare && (
        <Button kind="main" hint="t" onClick={onCalls}>
          {words.startCalls}
        </Button>
      )}
      <span className="act-bar-selected" role="status">
        {selected > 0 && words.selected(selected)}
      </span>
      {selected > 0 && (
        <Button kind="quiet" hint="escape" onClick={onClear}>
          {words.clearSelection}
        </Button>
      )}
    </div>
  );
}
