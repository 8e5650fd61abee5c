import { Button } from '../parts/button.js';
import { Notice } from '../parts/notice.js';
import { useWords } from '../words/use-words.js';
import { failureWords } from './failure-words.js';
import { isRefused, isSignedOut, Refused, Unreachable } from './problem.js';

/** What failed, in the words of the server, and how to go on. Nothing while there is no error. */
export function Failure({ error, onRetry }: { readonly error: unknown; readonly onRetry?: () => void }) {
  const words = useWords(failureWords);
  if (error === null || error === undefined || isSignedOut(error)) return null; // signed out: the lock asks
  const title = isRefused(error, 'step-up-required')
    ? words.notProven
    : error instanceof Refused
      ? error.problem.title
      : error instanceof Unreachable
        ? words.unreachable
        : words.unexpected;
  const details = error instanceof Refused ? (error.problem.errors ?? []) : [];
  return (
    <Notice tone="late" title={title}>
      {details.length > 0 && (
        <ul>
          {details.map(({ pointer, message }) => (
            <li key={pointer + message}>{message}</li>
          ))}
        </ul>
      )}
      {isRefused(error, 'second-factor-needed') && (
        <p>
          <a href="/account">{words.enrol}</a>
        </p>
      )}
      {onRetry && (
        <p>
          <Button onClick={onRetry}>{words.retry}</Button>
        </p>
      )}
    </Notice>
  );
}
