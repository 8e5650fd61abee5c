import { useQuery } from '@tanstack/react-query';
import { Suspense, useState } from 'react';
import { Failure } from '../calls/failure.js';
import { consentsQuery } from '../calls/record.js';
import { Button } from '../parts/button.js';
import { Chip } from '../parts/chip.js';
import { onDemand } from '../routing/on-demand.js';
import { dayText } from '../words/dates.js';
import { useLanguage } from '../words/language.js';
import { useWords } from '../words/use-words.js';
import { agreedWords } from './agreed-words.js';

const ConsentDialog = onDemand(() => import('./consent-dialog.js'));

/** By which ways the patient may be reached, and what the patient said about it. */
export function ConsentSection({
  patientId,
  mayCare,
}: {
  readonly patientId: string;
  readonly mayCare: boolean;
}) {
  const words = useWords(agreedWords);
  const language = useLanguage();
  const { data, error, refetch } = useQuery(consentsQuery(patientId));
  const [isOpen, setIsOpen] = useState(false);
  return (
    <section>
      <div className="section-head">
        <h2>{words.consents}</h2>
        {mayCare && <Button onClick={() => setIsOpen(true)}>{words.record}</Button>}
      </div>
      <p className="quiet small">{words.consentsHelp}</p>
      <Failure error={error} onRetry={() => void refetch()} />
      <p className="consent-channels">
        {data?.channels.map(({ channel, allowed }) => (
          <Chip key={channel} tone={allowed ? 'done' : 'plain'}>
            {words.channels[channel]}: {allowed ? words.allowed : words.notAllowed}
          </Chip>
        ))}
      </p>
      {data?.items.length === 0 && <p className="quiet">{words.noConsents}</p>}
      <ul className="record-list">
        {data?.items.map(({ id, channel, decision, decidedOn, note, author }) => (
          <li key={id}>
            <time className="record-day" dateTime={decidedOn}>
              {dayText(decidedOn, language)}
            </time>
            <span className="record-what">
              <strong>{words.channels[channel]}</strong> {words[decision]} {note}
            </span>
            <span className="record-by quiet">{author}</span>
          </li>
        ))}
      </ul>
      <Suspense>
        {isOpen && <ConsentDialog patientId={patientId} onClose={() => setIsOpen(false)} />}
      </Suspense>
    </section>
  );
}
