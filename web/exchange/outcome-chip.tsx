import type { ReceivedMessage } from '../calls/received-messages.js';
import { Chip, type Tone } from '../parts/chip.js';
import { useWords } from '../words/use-words.js';
import { messageWords } from './message-words.js';

const TONES: Readonly<Record<ReceivedMessage['outcome'], Tone>> = {
  ...{ applied: 'done', noted: 'plain', refused: 'late' },
};

/** What became of a message, and whether it was taken back. */
export function OutcomeChip({ message: { outcome, voidedAt } }: { readonly message: ReceivedMessage }) {
  const words = useWords(messageWords);
  return (
    <>
      <Chip tone={TONES[outcome]}>{words.outcomes[outcome]}</Chip>
      {voidedAt !== null && <Chip tone="warning">{words.voided}</Chip>}
    </>
  );
}
