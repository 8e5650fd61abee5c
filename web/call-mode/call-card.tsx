import type { CallCard, CallNumber } from '../calls/call-mode.js';
import { useToday } from '../calls/me.js';
import { Chip } from '../parts/chip.js';
import { Notice } from '../parts/notice.js';
import { dayText } from '../words/dates.js';
import { textOf } from '../words/dictionary.js';
import { useLanguage } from '../words/language.js';
import { useWords } from '../words/use-words.js';
import { callModeWords } from './call-mode-words.js';
import { ageOn } from './outcomes.js';
import './call-card.css';

/** The patient who is called, the numbers, and the script. */
export function CallCardView({
  card,
  number,
  onNumber,
}: {
  readonly card: CallCard;
  /** The number that is chosen; undefined: none is left. */
  readonly number: CallNumber | undefined;
  readonly onNumber: (number: CallNumber) => void;
}) {
  const words = useWords(callModeWords);
  const language = useLanguage();
  const { script, silentDays, contact } = card;
  const text = (number?.script ?? script.text)[language];
  return (
    <>
      <CalledPatient card={card} />
      {script.name === 'gentle' && (
        <Notice tone="warning" title={words.silent(silentDays, dayText(contact.knownAliveOn, language))}>
          <p>{words.silentHelp}</p>
        </Notice>
      )}
      <section aria-label={words.numbers}>
        {card.numbers.length === 0 && <Notice tone="warning" title={words.noNumber} />}
        <ul className="call-numbers">
          {card.numbers.map((one) => (
            <NumberEntry
              key={one.number}
              number={one}
              isChosen={one.number === number?.number}
              onChoose={() => onNumber(one)}
            />
          ))}
        </ul>
      </section>
      <section className="call-script">
        <h2>{words.script}</h2>
        <p>{text}</p>
      </section>
    </>
  );
}

function CalledPatient({ card: { patient, attempt } }: { readonly card: CallCard }) {
  const words = useWords(callModeWords);
  const today = useToday();
  const facts = [
    textOf(words.sex, patient.sex),
    words.years(ageOn(today, patient.birthDate)),
    patient.mrn,
    patient.department,
  ].filter((fact) => fact !== null);
  return (
    <header className="call-patient">
      <h1>{patient.name}</h1>
      <span>{facts.join(' · ')}</span>
      <Chip tone={attempt > 1 ? 'warning' : 'plain'}>{words.attempt(attempt)}</Chip>
    </header>
  );
}

/** A number to press: it dials, and from then on the script and the outcome are about it. */
function NumberEntry({
  number: { number, written, relative },
  isChosen,
  onChoose,
}: {
  readonly number: CallNumber;
  readonly isChosen: boolean;
  readonly onChoose: () => void;
}) {
  const words = useWords(callModeWords);
  return (
    <li>
      <a
        className={isChosen ? 'call-number is-chosen' : 'call-number'}
        href={`tel:${number}`}
        aria-current={isChosen ? 'true' : undefined}
        onClick={onChoose}
        onFocus={onChoose}
      >
        <span className="spoken">{words.dial}</span>
        <span className="call-digits">{spaced(written)}</span>
        <span className="call-whose">{whoIs(relative, words)}</span>
      </a>
    </li>
  );
}

const whoIs = (relative: CallNumber['relative'], words: (typeof callModeWords)['zh']): string =>
  relative === null ? words.patientSelf : `${words.relations[relative.relation]} ${relative.name}`;

/** A mobile number in the groups in which it is read aloud. */
const spaced = (written: string): string => written.replace(/^(1\d\d)(\d{4})(\d{4})$/, '$1 $2 $3');
