import { useInstant } from '../calls/instants.js';
import type { Delivery } from '../calls/systems.js';
import { useWords } from '../words/use-words.js';
import { deliveryWords } from './delivery-words.js';
import { systemsWords } from './systems-words.js';
import './attempts.css';

type Attempt = Delivery['attempts'][number];

/** One attempt in a line, and an excerpt of what the receiver answered. */
export function AttemptText({ attempt }: { readonly attempt: Attempt }) {
  const words = useWords(deliveryWords);
  const { emptyAnswer } = useWords(systemsWords);
  const instant = useInstant();
  const { number, startedAt, outcome, status, durationMs, error, answer } = attempt;
  return (
    <>
      <p>
        {words.attempt(number)} · {instant(startedAt)} ·{' '}
        <strong className={outcome === 'accepted' ? 'is-accepted' : 'is-refused'}>
          {words.outcomes[outcome]}
          {status !== null && ` ${status}`}
        </strong>{' '}
        · {words.milliseconds(durationMs)}
        {error !== null && ` · ${error}`}
      </p>
      {answer !== null && (
        <pre className="answer-excerpt" tabIndex={0} role="group" aria-label={words.answer}>
          {answer === '' ? emptyAnswer : answer}
        </pre>
      )}
    </>
  );
}

/** The latest attempts of a delivery, the newest first. */
export function Attempts({ attempts }: { readonly attempts: readonly Attempt[] }) {
  const words = useWords(deliveryWords);
  if (attempts.length === 0) return <p className="quiet">{words.noAttempts}</p>;
  return (
    <ol className="attempts">
      {[...attempts].reverse().map((attempt) => (
        <li key={attempt.number}>
          <AttemptText attempt={attempt} />
        </li>
      ))}
    </ol>
  );
}
