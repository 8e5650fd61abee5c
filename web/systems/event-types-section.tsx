import { DataTable } from '../parts/data-table.js';
import { SectionHead } from '../parts/section-page.js';
import { useWords } from '../words/use-words.js';
import { ALL_EVENT_TYPES, eventTypeWords } from './event-type-words.js';
import { statusWords } from './status-words.js';
import { systemsWords } from './systems-words.js';

/** What each type of message means, with its schema for developers of receivers. */
export default function EventTypesSection() {
  const frame = useWords(systemsWords);
  const words = useWords(statusWords);
  const types = useWords(eventTypeWords);
  return (
    <>
      <SectionHead title={frame.eventTypes} intro={words.typesIntro} />
      <DataTable label={frame.eventTypes} head={[frame.eventTypes, words.code, words.meaning, words.schema]}>
        {ALL_EVENT_TYPES.map((type) => (
          <tr key={type}>
            <th scope="row">{types[type].title}</th>
            <td>
              <code>{type}</code>
            </td>
            <td>{types[type].when}</td>
            <td>
              <a href={`/api/docs/events/${type}`}>
                {words.schemaLink} <span className="spoken">{type}</span>
              </a>
            </td>
          </tr>
        ))}
      </DataTable>
    </>
  );
}
