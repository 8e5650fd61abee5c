import type { ChangedItem } from '../calls/received-messages.js';
import { useActivityName } from '../items/item-facts.js';
import { dayText } from '../words/dates.js';
import { useLanguage } from '../words/language.js';
import { useWords } from '../words/use-words.js';
import { messageWords } from './message-words.js';

const MOST_SHOWN = 30;

/** What a message changed in plans, item by item. */
export function ChangedItems({ changes }: { readonly changes: readonly ChangedItem[] }) {
  const words = useWords(messageWords);
  const language = useLanguage();
  const nameOf = useActivityName();
  return (
    <ul className="exchange-list">
      {changes.slice(0, MOST_SHOWN).map(({ change, activity, before, after }, place) => (
        <li key={place}>
          {words.changeKinds[change]} · {nameOf(activity)}{' '}
          <span className="quiet">
            {before && dayText(before.due, language)}
            {before && after && before.due !== after.due && ' → '}
            {after && before?.due !== after.due && dayText(after.due, language)}
          </span>
        </li>
      ))}
      {changes.length > MOST_SHOWN && <li>… {changes.length - MOST_SHOWN}</li>}
    </ul>
  );
}
