import { useState } from 'react';
import { useActivityName } from '../items/item-facts.js';
import { CheckList } from '../parts/check-list.js';
import { dayText } from '../words/dates.js';
import { useWords } from '../words/use-words.js';
import { useLanguage } from '../words/language.js';
import { actDialogWords } from './act-words.js';
import { type ActTarget, type ItemOfAct, proposedItems } from './act.js';

/** As many items as one bulk request takes. */
const MOST_ITEMS = 200;

export interface ItemChoice {
  readonly items: readonly ItemOfAct[];
  readonly toggle: (ids: readonly string[]) => void;
  /** Why it cannot be sent like this. */
  readonly fault: string | undefined;
}

/** Which items the act is about: of one patient as the reader chooses, of many those that put them on the list. */
export function useItemChoice(targets: readonly ActTarget[]): ItemChoice {
  const words = useWords(actDialogWords);
  const [ids, setIds] = useState<readonly string[]>(() => targets.flatMap(proposedItems).map(({ id }) => id));
  const items = targets.flatMap((target) => target.items).filter(({ id }) => ids.includes(id));
  const fault =
    items.length === 0 ? words.noItem : items.length > MOST_ITEMS ? words.tooMany(MOST_ITEMS) : undefined;
  return { items, toggle: setIds, fault };
}

export function ItemChoiceField({
  targets,
  choice,
}: {
  readonly targets: readonly ActTarget[];
  readonly choice: ItemChoice;
}) {
  const words = useWords(actDialogWords);
  const language = useLanguage();
  const nameOf = useActivityName();
  const [target, ...others] = targets;
  if (!target) return null;
  if (others.length > 0) return <p>{words.itemsOfAll(choice.items.length, targets.length)}</p>;
  return (
    <CheckList
      label={words.items}
      entries={target.items.map(({ id, activity, due }) => ({
        id,
        text: (
          <>
            {nameOf(activity)} <span className="quiet">{words.due(dayText(due, language))}</span>
          </>
        ),
      }))}
      chosen={choice.items.map(({ id }) => id)}
      onChosen={choice.toggle}
    />
  );
}
