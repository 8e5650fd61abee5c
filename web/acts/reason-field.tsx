import { useQuery } from '@tanstack/react-query';
import { itemQuery } from '../calls/items.js';
import { SelectField } from '../parts/field.js';
import { Notice } from '../parts/notice.js';
import { useWords } from '../words/use-words.js';
import { useLanguage } from '../words/language.js';
import { actDialogWords } from './act-words.js';
import type { ItemOfAct } from './act.js';

interface ReasonFieldProps {
  readonly step: 'book' | 'move' | 'defer' | 'decline' | 'contraindicate';
  /** Of several items the first says which reasons there are. */
  readonly item: Pick<ItemOfAct, 'id'> | undefined;
  readonly value: string;
  readonly error?: string | undefined;
  readonly isOptional?: boolean;
  readonly onValue: (reason: string) => void;
}

/** The reasons that the hospital records for a step; or that the item is not where the step is possible. */
export function ReasonField({ step, item, value, error, isOptional = false, onValue }: ReasonFieldProps) {
  const words = useWords(actDialogWords);
  const { data } = useQuery({ ...itemQuery(item?.id ?? '', useLanguage()), enabled: item !== undefined });
  const possible = data?.possible.find((one) => one.step === step);
  if (data !== undefined && possible === undefined)
    return (
      <Notice tone="warning" title={words.notPossible}>
        <p>
          {words.possibleInstead}
          {data.possible.map(({ title }) => title).join(', ')}
        </p>
      </Notice>
    );
  const reasons = possible?.reasons ?? [];
  return (
    <SelectField
      label={words.reason}
      required={!isOptional}
      {...{ value, error, onValue }}
      options={[
        { value: '', text: isOptional ? words.noReason : '' },
        ...reasons.map(({ code, text }) => ({ value: code, text })),
      ]}
    />
  );
}
