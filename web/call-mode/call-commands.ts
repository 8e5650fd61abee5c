import { ACT_KEYS, type ActKind } from '../acts/act.js';
import { actWords } from '../acts/act-name-words.js';
import { type Command, useCommands } from '../commands/commands.js';
import { useWords } from '../words/use-words.js';
import { callModeWords } from './call-mode-words.js';
import { CALL_OUTCOMES, type CallOutcome } from './outcomes.js';
import { useOutcomeText } from './recording.js';

/** What is done about the patient during the call. The call itself is the contact. */
export const ACTS_OF_CALL = ['book', 'complete', 'defer', 'decline'] as const satisfies readonly ActKind[];

interface CallPage {
  readonly onOutcome: (outcome: CallOutcome) => void;
  readonly onAct: (kind: ActKind) => void;
  readonly skip: () => void;
  readonly back: () => void;
  readonly finish: () => void;
  readonly writeNote: () => void;
  readonly dial: () => void;
  readonly chooseNumber: () => void;
  readonly toggleStay: () => void;
}

/** Everything in call mode that a key can do. */
export function useCallCommands(page: CallPage): void {
  const words = useWords(callModeWords);
  const acts = useWords(actWords);
  const textOf = useOutcomeText();
  const command = (group: string, id: string, title: string, key: string, run: () => void): Command => ({
    ...{ group, id, title, keys: [key], run },
  });
  const { onOutcome, onAct, ...run } = page;
  useCommands([
    ...CALL_OUTCOMES.map((outcome, place) =>
      command(words.outcome, `outcome-${outcome}`, textOf(outcome), String(place + 1), () =>
        onOutcome(outcome),
      ),
    ),
    command(words.calling, 'dial', words.dialNumber, 't', run.dial),
    command(words.calling, 'number', words.otherNumber, 'h', run.chooseNumber),
    command(words.calling, 'note', words.writeNote, 'n', run.writeNote),
    command(words.calling, 'stay', words.stayToggle, 'o', run.toggleStay),
    command(words.moving, 'skip', words.skip, 'j', run.skip),
    command(words.moving, 'back', words.back, 'k', run.back),
    command(words.moving, 'finish', words.finish, 'q', run.finish),
    ...ACTS_OF_CALL.map((kind) => command(words.acting, kind, acts[kind], ACT_KEYS[kind], () => onAct(kind))),
  ]);
}
