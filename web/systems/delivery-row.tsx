import { useInstant } from '../calls/instants.js';
import type { Delivery } from '../calls/systems.js';
import { Button } from '../parts/button.js';
import { Chip, type Tone } from '../parts/chip.js';
import { useWords } from '../words/use-words.js';
import { Attempts } from './attempts.js';
import { deliveryWords } from './delivery-words.js';
import { eventTypeWords } from './event-type-words.js';

const TONES: Readonly<Record<Delivery['state'], Tone>> = {
  ...{ pending: 'warning', delivered: 'done', cancelled: 'plain', exhausted: 'late' },
};

/** One message to the endpoint; opened, it shows its attempts. */
export function DeliveryRow({
  delivery,
  isOpen,
  isChosen,
  isReplayable,
  onOpen,
  onChoose,
  onReplay,
}: {
  readonly delivery: Delivery;
  readonly isOpen: boolean;
  readonly isChosen: boolean;
  readonly isReplayable: boolean;
  readonly onOpen: () => void;
  readonly onChoose: () => void;
  readonly onReplay: () => void;
}) {
  const words = useWords(deliveryWords);
  const types = useWords(eventTypeWords);
  const instant = useInstant();
  const { id, eventType, state, sequence, createdAt, nextAttemptAt, cancelledReason, attempts } = delivery;
  const title = eventType in types ? types[eventType as keyof typeof types].title : eventType;
  const last = attempts[attempts.length - 1];
  return (
    <>
      <tr>
        <td>
          {isReplayable && (
            <input
              type="checkbox"
              aria-label={`${words.choose} ${sequence ?? ''} ${title}`}
              checked={isChosen}
              onChange={onChoose}
            />
          )}
        </td>
        <th scope="row">
          {title}
          {sequence !== null && <span className="quiet small"> #{sequence}</span>}
        </th>
        <td>{instant(createdAt)}</td>
        <td>{attempts.length}</td>
        <td>
          <Chip tone={TONES[state]}>{words.deliveryStates[state]}</Chip>{' '}
          {last && (
            <span className="small">
              {words.outcomes[last.outcome]} {last.status ?? ''}
            </span>
          )}{' '}
          {state === 'pending' && nextAttemptAt !== null && (
            <span className="quiet small">{words.nextAttempt(instant(nextAttemptAt))}</span>
          )}
          {cancelledReason !== null && (
            <span className="quiet small">{words.cancelledReason(cancelledReason)}</span>
          )}
        </td>
        <td>
          <Button aria-expanded={isOpen} aria-controls={`attempts-${id}`} onClick={onOpen}>
            {isOpen ? words.hideAttempts : words.showAttempts}
          </Button>
          {isReplayable && <Button onClick={onReplay}>{words.replay}</Button>}
        </td>
      </tr>
      {isOpen && (
        <tr className="delivery-details" id={`attempts-${id}`}>
          <td colSpan={6}>
            <Attempts attempts={attempts} />
          </td>
        </tr>
      )}
    </>
  );
}
