import { useQuery } from '@tanstack/react-query';
import { ACT_KEYS } from '../acts/act.js';
import { actDialogWords } from '../acts/act-words.js';
import { Failure } from '../calls/failure.js';
import { allContactsQuery } from '../calls/visits.js';
import type { Contacts } from '../calls/patients.js';
import { Button } from '../parts/button.js';
import { Notice } from '../parts/notice.js';
import { dayText } from '../words/dates.js';
import { textOf } from '../words/dictionary.js';
import { useLanguage } from '../words/language.js';
import { useWords } from '../words/use-words.js';
import type { PatientActs } from './patient-acts.js';
import { visitWords } from './visit-words.js';

/** Who tried to reach the patient, how, and what the ladder of the hospital proposes next. */
export function ContactList({ patientId, acts }: { readonly patientId: string; readonly acts: PatientActs }) {
  const words = useWords(visitWords);
  const texts = useWords(actDialogWords);
  const language = useLanguage();
  const { data, error, refetch } = useQuery(allContactsQuery(patientId));
  return (
    <section>
      <div className="section-head">
        <h2>{words.contacts}</h2>
        <Button hint={ACT_KEYS.contact} onClick={() => acts.start('contact')}>
          {words.contact}
        </Button>
      </div>
      <Failure error={error} onRetry={() => void refetch()} />
      {data && <Ladder state={data.state} />}
      {data?.items.length === 0 && <p className="quiet">{words.noContacts}</p>}
      <ul className="record-list">
        {data?.items.map((contact) => (
          <li key={contact.id} className={contact.voidedAt === null ? undefined : 'is-void'}>
            <time className="record-day" dateTime={contact.contactedOn}>
              {dayText(contact.contactedOn, language)}
            </time>
            <span className="record-what">
              <strong>{texts.channels[contact.channel]}</strong>{' '}
              {contact.cause === null ? texts.outcomes[contact.outcome] : textOf(texts.causes, contact.cause)}{' '}
              {[contact.number, contact.note].filter(Boolean).join(' · ')}
            </span>
            <span className="record-by quiet">{contact.author}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Ladder({ state }: { readonly state: Contacts['state'] }) {
  const words = useWords(visitWords);
  const { channels } = useWords(actDialogWords);
  const language = useLanguage();
  const { ladder, nextStep, knownAliveOn, restsUntil, lossProposal } = state;
  const next = nextStep === null ? words.exhausted : `${words.nextStep} ${channels[nextStep.channel]}`;
  return (
    <>
      {lossProposal !== null && <Notice tone="warning" title={words.lossProposed} />}
      <p className="quiet small">
        {words.lastAlive} {dayText(knownAliveOn, language)} · {words.ladder}{' '}
        {ladder
          .map(({ channel, attempts, of }) => words.ladderStep(channels[channel], attempts, of))
          .join(' → ')}{' '}
        · {next}
        {restsUntil !== null && ` · ${words.restsUntil(dayText(restsUntil, language))}`}
      </p>
    </>
  );
}
