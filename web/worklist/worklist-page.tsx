import { useMemo, useState } from 'react';
import { readListEarly } from '../calls/lists.js';
import { readActivitiesEarly } from '../calls/ward.js';
import { readAddress } from '../routing/address.js';
import { goTo, hasReturned, usePlace } from '../routing/place.js';
import { useWords } from '../words/use-words.js';
import { ListNavigation } from './list-navigation.js';
import { ListView } from './list-view.js';
import { addressOf, queryOf, readWorklistAddress, type WorklistAddress } from './worklist-address.js';
import { worklistWords } from './worklist-words.js';
import './worklist-page.css';

/** What was searched for when the page was left, for the way back from a patient: no address may contain it. */
const lastSearch = { text: '' };

const opened = readAddress(location.href);
if (['/', '/worklist'].includes(opened.path)) {
  readListEarly(queryOf(readWorklistAddress(opened.parameters)));
  readActivitiesEarly();
}

/** The page on which a nurse works all day: lists, rows, and the patient beside them. */
export default function WorklistPage() {
  const words = useWords(worklistWords);
  const address = readWorklistAddress(usePlace().parameters);
  const asked = JSON.stringify(queryOf(address));
  const query = useMemo(() => queryOf(address), [asked]);
  const [searched, setSearched] = useState(() => (hasReturned() ? lastSearch.text : ''));
  const search = (text: string): void => {
    lastSearch.text = text;
    setSearched(text);
  };
  // The way back leads to lists and filters, not through every patient that was looked at.
  const go = (change: Partial<WorklistAddress>): void =>
    goTo(addressOf({ ...address, ...change }), { replace: 'patient' in change });
  return (
    <div className="worklist">
      <title>{`${words.lists[address.list]} · ${words.title}`}</title>
      <ListNavigation query={query} />
      {/* Another list or filter begins without cursor, selection and marks. */}
      <ListView
        key={JSON.stringify([asked, searched])}
        {...{ address, searched, go }}
        onSearch={search}
        onList={(list) => goTo(addressOf({ list }))}
      />
    </div>
  );
}
