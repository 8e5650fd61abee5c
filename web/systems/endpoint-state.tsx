import type { Endpoint } from '../calls/systems.js';
import { useInstant } from '../calls/instants.js';
import { Chip } from '../parts/chip.js';
import { Notice } from '../parts/notice.js';
import { textOf } from '../words/dictionary.js';
import { useWords } from '../words/use-words.js';
import { systemsWords } from './systems-words.js';

type State = Pick<Endpoint, 'state' | 'heldReason' | 'failingSince'>;

/** Whether messages leave: a word and a colour. */
export function StateChip({ state, heldReason }: State) {
  const words = useWords(systemsWords);
  if (state === 'ok') return <Chip tone="done">{words.states.ok}</Chip>;
  if (state === 'failing') return <Chip tone="warning">{words.states.failing}</Chip>;
  return (
    <Chip tone={heldReason === 'paused' || heldReason === 'unverified' ? 'warning' : 'late'}>
      {textOf(words.held, heldReason ?? '')}
    </Chip>
  );
}

/** Why messages wait, and what to do. Nothing while they leave. */
export function StateNotice({ state, heldReason, failingSince }: State) {
  const words = useWords(systemsWords);
  const instant = useInstant();
  if (state === 'ok') return null;
  if (state === 'failing')
    return (
      <Notice tone="warning" title={words.failingHelp(failingSince === null ? '' : instant(failingSince))} />
    );
  return (
    <Notice
      tone={heldReason === 'failing' || heldReason === 'gone' ? 'late' : 'warning'}
      title={textOf(words.heldHelp, heldReason ?? '')}
    />
  );
}
