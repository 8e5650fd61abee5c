import { useQuery } from '@tanstack/react-query';
import { type SyntheticEvent, useState } from 'react';
import { activitiesQuery, possibleOwnersQuery } from '../calls/ward.js';
import { Button } from '../parts/button.js';
import { Dialog, DialogActions } from '../parts/dialog.js';
import { type Option, SelectField, TextField } from '../parts/field.js';
import { useWords } from '../words/use-words.js';
import { useLanguage } from '../words/language.js';
import { ALL_FILTERS, type Filter, type WorklistAddress } from './worklist-address.js';
import { listDialogWords } from './list-dialog-words.js';
import { worklistWords } from './worklist-words.js';

type Values = Partial<Record<Filter, string>>;

/** All filters at once. What is applied appears as chips, and in the address. */
export default function FilterDialog({
  address,
  onFilter,
  onClose,
}: {
  readonly address: WorklistAddress;
  readonly onFilter: (change: Partial<WorklistAddress>) => void;
  readonly onClose: () => void;
}) {
  const words = useWords(worklistWords);
  const own = useWords(listDialogWords);
  const [values, setValues] = useState<Values>(() =>
    Object.fromEntries(ALL_FILTERS.map((name) => [name, address[name]?.toString()])),
  );
  const options = useOptions();
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    const written = ALL_FILTERS.map((name) => [name, values[name]?.trim() ?? ''] as const);
    onFilter(Object.fromEntries(written.map(([name, value]) => [name, value === '' ? undefined : value])));
    onClose();
  };
  const fieldOf = (name: Filter) => {
    const field = {
      label: words.filters[name],
      value: values[name] ?? '',
      onValue: (value: string) => setValues({ ...values, [name]: value }),
    };
    if (name === 'activity' || name === 'owner') {
      const known = options[name];
      if (known !== undefined)
        return <SelectField key={name} {...field} options={[{ value: '', text: '' }, ...known]} />;
    }
    if (name === 'from' || name === 'to') return <TextField key={name} type="date" {...field} />;
    if (name === 'distanceFrom' || name === 'distanceTo')
      return <TextField key={name} type="number" min={0} max={20_000} {...field} />;
    return <TextField key={name} maxLength={100} {...field} />;
  };
  return (
    <Dialog title={words.addFilter} closeLabel={own.close} onClose={onClose}>
      <form onSubmit={submit}>
        <div className="fields-row">{ALL_FILTERS.map(fieldOf)}</div>
        <DialogActions>
          <Button kind="main" type="submit">
            {own.apply}
          </Button>
          <Button onClick={onClose}>{own.cancel}</Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}

/** What can be chosen rather than typed. */
function useOptions(): { readonly activity?: readonly Option[]; readonly owner?: readonly Option[] } {
  const words = useWords(worklistWords);
  const language = useLanguage();
  const activities = useQuery(activitiesQuery).data?.items;
  const colleagues = useQuery(possibleOwnersQuery).data?.items;
  return {
    ...(activities && {
      activity: activities.map(({ code, title }) => ({ value: code, text: title[language] })),
    }),
    ...(colleagues && {
      owner: [
        { value: 'me', text: words.me },
        ...colleagues.map(({ id, name }) => ({ value: id, text: name })),
      ],
    }),
  };
}
