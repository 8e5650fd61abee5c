import { useQuery } from '@tanstack/react-query';
import { type SyntheticEvent, useState } from 'react';
import { useChange } from '../calls/change.js';
import { Failure } from '../calls/failure.js';
import { errorOf } from '../calls/problem.js';
import { replaceRetention, type Retention, retentionQuery } from '../calls/received-messages.js';
import { Button } from '../parts/button.js';
import { TextField } from '../parts/field.js';
import { SectionPart } from '../parts/section-page.js';
import { useWords } from '../words/use-words.js';
import { senderWords } from './sender-words.js';

/** For how many days messages are kept. */
export function RetentionPart({ mayChange }: { readonly mayChange: boolean }) {
  const words = useWords(senderWords);
  const { data, error, refetch } = useQuery(retentionQuery);
  return (
    <SectionPart title={words.retention}>
      <p className="quiet">{words.retentionHelp}</p>
      <Failure error={error} onRetry={() => void refetch()} />
      {data && <Days key={JSON.stringify(data)} days={data} mayChange={mayChange} />}
    </SectionPart>
  );
}

function Days({ days, mayChange }: { readonly days: Retention; readonly mayChange: boolean }) {
  const words = useWords(senderWords);
  const [messageDays, setMessageDays] = useState(String(days.messageDays));
  const [otherPeopleDays, setOtherPeopleDays] = useState(String(days.otherPeopleDays));
  const saving = useChange(
    () => replaceRetention({ messageDays: Number(messageDays), otherPeopleDays: Number(otherPeopleDays) }),
    { reads: [retentionQuery.queryKey], done: words.retentionSaved },
  );
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    saving.mutate(undefined);
  };
  return (
    <form className="fields" onSubmit={submit}>
      <div className="fields-row">
        <TextField
          label={words.messageDays}
          type="number"
          min={7}
          max={3650}
          required
          disabled={!mayChange}
          value={messageDays}
          error={errorOf(saving.error, 'messageDays')}
          onValue={setMessageDays}
        />
        <TextField
          label={words.otherPeopleDays}
          type="number"
          min={1}
          max={3650}
          required
          disabled={!mayChange}
          value={otherPeopleDays}
          error={errorOf(saving.error, 'otherPeopleDays')}
          onValue={setOtherPeopleDays}
        />
      </div>
      <Failure error={saving.error} />
      {mayChange && (
        <p>
          <Button type="submit" busy={saving.isPending}>
            {words.save}
          </Button>
        </p>
      )}
    </form>
  );
}
