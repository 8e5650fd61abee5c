import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type SyntheticEvent, useState } from 'react';
import { type CreatedFeed, createFeed, type Feed, feedsQuery, removeFeed } from '../calls/calendar.js';
import { Failure } from '../calls/failure.js';
import { useMe } from '../calls/me.js';
import { errorOf } from '../calls/problem.js';
import { Button } from '../parts/button.js';
import { CheckList } from '../parts/check-list.js';
import { Choices } from '../parts/choices.js';
import { Dialog, DialogActions } from '../parts/dialog.js';
import { TextField } from '../parts/field.js';
import { Notice } from '../parts/notice.js';
import { instantText } from '../words/dates.js';
import { useLanguage } from '../words/language.js';
import { useWords } from '../words/use-words.js';
import { calendarWords } from './calendar-words.js';
import './feeds-dialog.css';

type Content = 'mine' | 'department' | 'place';

/** Calendars to which the programs of telephones and computers subscribe. */
export default function FeedsDialog({
  mayCare,
  onClose,
}: {
  readonly mayCare: boolean;
  readonly onClose: () => void;
}) {
  const words = useWords(calendarWords);
  const { data, error, refetch } = useQuery(feedsQuery);
  const [created, setCreated] = useState<CreatedFeed>();
  return (
    <Dialog title={words.feeds} closeLabel={words.close} wide onClose={onClose}>
      <p className="quiet">{words.feedsHelp}</p>
      <Failure error={error} onRetry={() => void refetch()} />
      {created && <CreatedAddress feed={created} />}
      {data?.items.length === 0 && <p>{words.feedNone}</p>}
      <ul className="feeds">
        {data?.items.map((feed) => (
          <FeedEntry key={feed.id} feed={feed} />
        ))}
      </ul>
      {mayCare && <NewFeedForm key={created?.id} onCreated={setCreated} />}
    </Dialog>
  );
}

/** The address is shown once. On plain HTTP there is no clipboard, so the reader copies what is selected. */
function CreatedAddress({ feed }: { readonly feed: CreatedFeed }) {
  const words = useWords(calendarWords);
  return (
    <Notice tone="done" title={words.feedCreated}>
      <p>{words.feedCreatedHelp}</p>
      <input
        className="feed-address"
        aria-label={words.feedCreated}
        readOnly
        value={feed.url}
        onFocus={(event) => event.target.select()}
      />
    </Notice>
  );
}

function FeedEntry({ feed }: { readonly feed: Feed }) {
  const words = useWords(calendarWords);
  const queries = useQueryClient();
  const { timeZone } = useMe().hospital;
  const ending = useMutation({
    mutationFn: () => removeFeed(feed.id),
    onSuccess: () => queries.invalidateQueries({ queryKey: feedsQuery.queryKey }),
  });
  const { name, author, department, place, lastUsedAt } = feed;
  const used = lastUsedAt === null ? words.feedUnused : words.feedUsed(instantText(lastUsedAt, timeZone));
  return (
    <li>
      <strong>{name}</strong> {department} {place}{' '}
      <span className="quiet small">
        {words.feedOf(author)} · {used}
      </span>
      <Failure error={ending.error} />
      <Button
        kind="risky"
        aria-label={`${words.feedEnd} ${name}`}
        busy={ending.isPending}
        onClick={() => ending.mutate()}
      >
        {words.feedEnd}
      </Button>
    </li>
  );
}

function NewFeedForm({ onCreated }: { readonly onCreated: (feed: CreatedFeed) => void }) {
  const words = useWords(calendarWords);
  const language = useLanguage();
  const queries = useQueryClient();
  const [content, setContent] = useState<Content>('mine');
  const [of, setOf] = useState('');
  const [name, setName] = useState('');
  const [options, setOptions] = useState<readonly string[]>([]);
  const creating = useMutation({
    mutationFn: createFeed,
    onSuccess: (feed) => {
      onCreated(feed);
      void queries.invalidateQueries({ queryKey: feedsQuery.queryKey });
    },
  });
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    creating.mutate({
      ...(content === 'mine' ? { owner: 'me' } : { [content]: of.trim() }),
      ...(name.trim() !== '' && { name: name.trim() }),
      ...{ names: options.includes('names'), language },
    });
  };
  return (
    <form className="fields" onSubmit={submit}>
      <Choices
        label={words.feedWhose}
        options={[
          { value: 'mine', text: words.feedMine },
          { value: 'department', text: words.feedDepartment },
          { value: 'place', text: words.feedPlace },
        ]}
        value={content}
        onValue={(value) => setContent(value as Content)}
      />
      {content !== 'mine' && (
        <TextField
          label={content === 'department' ? words.department : words.place}
          required
          maxLength={100}
          value={of}
          error={errorOf(creating.error, content)}
          onValue={setOf}
        />
      )}
      <TextField
        label={words.feedName}
        maxLength={100}
        value={name}
        error={errorOf(creating.error, 'name')}
        onValue={setName}
      />
      <CheckList
        label={words.patient}
        entries={[{ id: 'names', text: words.feedNames }]}
        chosen={options}
        onChosen={setOptions}
      />
      <Failure error={creating.error} />
      <DialogActions>
        <Button kind="main" type="submit" busy={creating.isPending}>
          {words.feedCreate}
        </Button>
      </DialogActions>
    </form>
  );
}
