import { actDialogWords } from '../acts/act-words.js';
import type { CallCard } from '../calls/call-mode.js';
import { useToday } from '../calls/me.js';
import { useStepText, useUrgencyText } from '../items/item-facts.js';
import { itemWords } from '../items/item-words.js';
import { toneOf, urgencyOf } from '../items/urgency.js';
import { Chip } from '../parts/chip.js';
import { dayText } from '../words/dates.js';
import { textOf } from '../words/dictionary.js';
import { useLanguage } from '../words/language.js';
import { useWords } from '../words/use-words.js';
import { callModeWords } from './call-mode-words.js';
import './call-facts.css';

type ItemOfCall = CallCard['items'][number];

/** What the call is about, how the patient prepares, and what was tried before. */
export function CallFacts({ card }: { readonly card: CallCard }) {
  return (
    <>
      <ItemsToDiscuss items={card.items} />
      <Attempts card={card} />
      <LadderState ladder={card.contact.ladder} />
    </>
  );
}

const bookedLast = (a: ItemOfCall, b: ItemOfCall): number =>
  Number(a.step === 'booked') - Number(b.step === 'booked');

function ItemsToDiscuss({ items }: Pick<CallCard, 'items'>) {
  const words = useWords(callModeWords);
  return (
    <section>
      <h2>{words.items}</h2>
      {items.length === 0 && <p className="quiet">{words.noItems}</p>}
      <ul className="call-items">
        {[...items].sort(bookedLast).map((item) => (
          <ItemToDiscuss key={item.id} item={item} />
        ))}
      </ul>
    </section>
  );
}

function ItemToDiscuss({ item }: { readonly item: ItemOfCall }) {
  const words = useWords(callModeWords);
  const itemTexts = useWords(itemWords);
  const language = useLanguage();
  const urgency = urgencyOf(item, useToday());
  const urgencyText = useUrgencyText();
  const stepText = useStepText();
  return (
    <li>
      <p className="call-item-head">
        <strong>{item.title[language]}</strong>
        <Chip tone={toneOf(urgency)}>{urgencyText(urgency)}</Chip>
        {item.step !== null && <span className="quiet">{stepText({ ...item, stepUntil: null })}</span>}
      </p>
      {item.preparation !== null && (
        <p className="call-preparation">
          <span className="quiet small">{words.preparation}</span> {item.preparation[language]}
        </p>
      )}
      <details className="small quiet">
        <summary>{itemTexts.why}</summary>
        <p>{item.reason[language]}</p>
      </details>
    </li>
  );
}

function Attempts({ card: { lastContacts } }: { readonly card: CallCard }) {
  const words = useWords(callModeWords);
  const texts = useWords(actDialogWords);
  const language = useLanguage();
  return (
    <section>
      <h2>{words.contacts}</h2>
      {lastContacts.length === 0 && <p className="quiet">{words.noContacts}</p>}
      <ul>
        {lastContacts.map(({ id, contactedOn, channel, outcome, cause, note, author }) => (
          <li key={id}>
            {dayText(contactedOn, language)} {texts.channels[channel]}{' '}
            {cause === null ? texts.outcomes[outcome] : textOf(texts.causes, cause)}{' '}
            <span className="quiet">
              {author}
              {note !== null && ` · ${note}`}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** The ways in which the hospital tries to reach a patient, in their order. */
function LadderState({ ladder }: Pick<CallCard['contact'], 'ladder'>) {
  const words = useWords(callModeWords);
  const texts = useWords(actDialogWords);
  return (
    <section>
      <h2>{words.ladder}</h2>
      <ol className="call-ladder">
        {ladder.map(({ channel, attempts, of }) => (
          <li key={channel}>
            <Chip tone={attempts >= of ? 'done' : 'plain'}>
              {words.ladderStep(texts.channels[channel], attempts, of)}
            </Chip>
          </li>
        ))}
      </ol>
    </section>
  );
}
