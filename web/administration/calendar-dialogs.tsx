import { useState } from 'react';
import { useChange } from '../calls/change.js';
import { FormDialog } from '../calls/form-dialog.js';
import { enterDay, importYear, type OwnDay } from '../calls/planning-settings.js';
import { errorOf } from '../calls/problem.js';
import { Choices } from '../parts/choices.js';
import { TextField } from '../parts/field.js';
import { Notice } from '../parts/notice.js';
import { useWords } from '../words/use-words.js';
import { administrationWords } from './administration-words.js';
import { workWords } from './work-words.js';

const reads = [['work-calendar']];

/** A day on which the hospital is closed, or works additionally. */
export function DayDialog({
  year,
  etag,
  onClose,
}: {
  readonly year: number;
  readonly etag: string | undefined;
  readonly onClose: () => void;
}) {
  const frame = useWords(administrationWords);
  const words = useWords(workWords);
  const [date, setDate] = useState('');
  const [kind, setKind] = useState<OwnDay['kind']>('closure');
  const [name, setName] = useState('');
  // The tag is of the year that is shown; another year is changed without it.
  const ifMatch = date.startsWith(String(year)) ? etag : undefined;
  const entering = useChange(() => enterDay(date, { kind, name: name.trim() }, ifMatch), {
    ...{ reads, done: words.entered, onDone: onClose },
  });
  return (
    <FormDialog
      title={words.enterDay}
      closeLabel={frame.cancel}
      submitText={words.enterDay}
      error={entering.error}
      isSending={entering.isPending}
      onClose={onClose}
      onSubmit={() => entering.mutate(undefined)}
    >
      <TextField
        label={words.day}
        type="date"
        required
        autoFocus
        value={date}
        error={errorOf(entering.error, 'date')}
        onValue={setDate}
      />
      <Choices
        label={words.kind}
        options={[
          { value: 'closure', text: words.kinds.closure },
          { value: 'extra_workday', text: words.kinds.extra_workday },
        ]}
        value={kind}
        onValue={(value) => setKind(value === 'closure' ? 'closure' : 'extra_workday')}
      />
      <TextField
        label={words.dayName}
        help={words.dayNameHelp}
        required
        maxLength={50}
        value={name}
        error={errorOf(entering.error, 'name')}
        onValue={setName}
      />
    </FormDialog>
  );
}

/** The public holidays of a year, from a file of the project holiday-cn. */
export function ImportYearDialog({ onClose }: { readonly onClose: () => void }) {
  const frame = useWords(administrationWords);
  const words = useWords(workWords);
  const [file, setFile] = useState<unknown>();
  const [isUnreadable, setIsUnreadable] = useState(false);
  const importing = useChange(() => importYear(file), {
    ...{ reads, done: words.importDone, onDone: onClose },
  });
  const read = async (chosen: File | undefined): Promise<void> => {
    setIsUnreadable(false);
    try {
      setFile(chosen && (JSON.parse(await chosen.text()) as unknown));
    } catch {
      setFile(undefined);
      setIsUnreadable(true);
    }
  };
  return (
    <FormDialog
      title={words.importTitle}
      closeLabel={frame.cancel}
      submitText={words.import}
      error={importing.error}
      isSending={importing.isPending}
      isDisabled={file === undefined}
      onClose={onClose}
      onSubmit={() => importing.mutate(undefined)}
    >
      <p>{words.importHelp}</p>
      <div className="field">
        <label htmlFor="year-file">{words.file}</label>
        <input
          id="year-file"
          type="file"
          accept="application/json,.json"
          onChange={(event) => void read(event.target.files?.[0])}
        />
      </div>
      {isUnreadable && <Notice tone="late" title={words.notJson} />}
    </FormDialog>
  );
}
