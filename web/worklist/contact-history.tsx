import { useQuery } from '@tanstack/react-query';
import { actDialogWords } from '../acts/act-words.js';
import { Failure } from '../calls/failure.js';
import { contactsQuery } from '../calls/patients.js';
import { dayText } from '../words/dates.js';
import { textOf } from '../words/dictionary.js';
import { useWords } from '../words/use-words.js';
import { useLanguage } from '../words/language.js';
import { panelWords } from './panel-words.js';

/** The newest attempts to reach the patient, and what the ladder proposes next. */
export function ContactHistory({ id }: { readonly id: string }) {
  const words = useWords(panelWords);
  const texts = useWords(actDialogWords);
  const language = useLanguage();
  const { data, error, refetch } = useQuery(contactsQuery(id));
  return (
    <section>
      <h3>{words.contacts}</h3>
      <Failure error={error} onRetry={() => void refetch()} />
      {data?.items.length === 0 && <p className="quiet">{words.noContacts}</p>}
      <ul className="panel-later">
        {data?.items.map(
          ({ id: contactId, contactedOn, channel, outcome, cause, note, author, voidedAt }) => (
            <li key={contactId} className={voidedAt === null ? undefined : 'is-void'}>
              {dayText(contactedOn, language)} {texts.channels[channel]}{' '}
              {cause === null ? texts.outcomes[outcome] : textOf(texts.causes, cause)}{' '}
              <span className="quiet">
                {author}
                {note !== null && ` · ${note}`}
              </span>
            </li>
          ),
        )}
      </ul>
      {data && (
        <p className="quiet small">
          {words.lastAlive} {dayText(data.state.knownAliveOn, language)}
          {data.state.nextStep && ` · ${words.nextStep} ${texts.channels[data.state.nextStep.channel]}`}
        </p>
      )}
    </section>
  );
}
