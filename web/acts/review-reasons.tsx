import { useQuery } from '@tanstack/react-query';
import type { Review } from '../calls/results.js';
import { eventTypesQuery } from '../calls/record.js';
import { factsOf, measuredIn } from '../items/event-facts.js';
import { dayText } from '../words/dates.js';
import { useLanguage } from '../words/language.js';
import { useJoined } from '../words/lists.js';
import { useWords } from '../words/use-words.js';
import { resultWords } from './result-words.js';

/** What the exam found, and why a clinician has to judge it. */
export function ReviewReasons({ review: { event, reasons, escalatedPeople } }: { readonly review: Review }) {
  const words = useWords(resultWords);
  const language = useLanguage();
  const joined = useJoined();
  const types = useQuery(eventTypesQuery).data?.items ?? [];
  const facts = [...factsOf(event, types, language), ...measuredIn(event), event.report?.note];
  return (
    <div className="review-reasons">
      <p>
        {words.recordedOn(dayText(event.date, language))}
        {facts.filter(Boolean).map((fact) => ` · ${fact ?? ''}`)}
        {event.recordedBy !== null && (
          <span className="quiet small"> · {words.recordedBy(event.recordedBy)}</span>
        )}
      </p>
      <ul>
        {reasons.map(({ message }) => (
          <li key={message}>{message}</li>
        ))}
      </ul>
      {escalatedPeople.length > 0 && (
        <p className="small">{words.escalated(joined(escalatedPeople.map(({ name }) => name)))}</p>
      )}
    </div>
  );
}
