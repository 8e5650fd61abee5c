import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useChange } from '../calls/change.js';
import { Failure } from '../calls/failure.js';
import { FormDialog } from '../calls/form-dialog.js';
import { useToday } from '../calls/me.js';
import { errorOf } from '../calls/problem.js';
import { colleaguesQuery } from '../calls/ward.js';
import { endHandover, type Handover, handOver, handoversQuery } from '../calls/ward-settings.js';
import { useCommands } from '../commands/commands.js';
import { DayField } from '../items/day-field.js';
import { Busy } from '../parts/busy.js';
import { Button } from '../parts/button.js';
import { CheckList } from '../parts/check-list.js';
import { Chip, type Tone } from '../parts/chip.js';
import { DataTable } from '../parts/data-table.js';
import { EmptyState } from '../parts/empty-state.js';
import { SelectField } from '../parts/field.js';
import { SectionHead } from '../parts/section-page.js';
import { Link } from '../routing/link.js';
import { dayText } from '../words/dates.js';
import { useLanguage } from '../words/language.js';
import { useWords } from '../words/use-words.js';
import { administrationWords } from './administration-words.js';
import { workWords } from './work-words.js';

const TONES: Readonly<Record<Handover['state'], Tone>> = {
  ...{ coming: 'active', running: 'done', over: 'plain', cancelled: 'plain' },
};
const isPast = ({ state }: Handover): boolean => state === 'over' || state === 'cancelled';

/** Absent people and their substitutes, from a first to a last day. */
export default function AbsencesSection() {
  const frame = useWords(administrationWords);
  const words = useWords(workWords);
  const { data, error, refetch } = useQuery(handoversQuery);
  const [showsOver, setShowsOver] = useState(false);
  const [isNew, setIsNew] = useState(false);
  const ending = useChange(endHandover, { reads: [['handovers'], ['lists']], done: words.endedNow });
  useCommands([
    {
      ...{ id: 'new-absence', title: words.newAbsence, group: frame.title, keys: ['n'] },
      run: () => setIsNew(true),
    },
  ]);
  const shown = data?.filter((handover) => showsOver || !isPast(handover));
  return (
    <>
      <SectionHead title={frame.absences} intro={words.absencesIntro}>
        <Button kind="main" hint="n" onClick={() => setIsNew(true)}>
          {words.newAbsence}
        </Button>
      </SectionHead>
      <Failure error={error ?? ending.error} onRetry={() => void refetch()} />
      {data === undefined && !error && <Busy text={frame.loading} />}
      {data?.some(isPast) === true && (
        <CheckList
          label={words.state}
          entries={[{ id: 'over', text: words.showOver }]}
          chosen={showsOver ? ['over'] : []}
          onChosen={(chosen) => setShowsOver(chosen.length > 0)}
        />
      )}
      {shown?.length === 0 && <EmptyState title={words.noAbsences}>{words.noAbsencesHelp}</EmptyState>}
      {shown !== undefined && shown.length > 0 && (
        <DataTable
          label={frame.absences}
          head={[words.from, words.to, words.firstDay, words.lastDay, words.state, words.author, '']}
        >
          {shown.map((handover) => (
            <HandoverRow key={handover.id} handover={handover} onEnd={() => ending.mutate(handover.id)} />
          ))}
        </DataTable>
      )}
      <p className="section-intro">
        {words.escalation} <Link to="/guideline">{frame.guideline}</Link>
      </p>
      {isNew && <AbsenceDialog onClose={() => setIsNew(false)} />}
    </>
  );
}

function HandoverRow({ handover, onEnd }: { readonly handover: Handover; readonly onEnd: () => void }) {
  const words = useWords(workWords);
  const language = useLanguage();
  const { from, to, firstDay, lastDay, state, allPatients, patientIds, author } = handover;
  return (
    <tr className={isPast(handover) ? 'is-ended' : undefined}>
      <th scope="row">{from.name}</th>
      <td>
        {to.name}
        <div className="quiet small">
          {allPatients ? words.allPatients : words.somePatients(patientIds.length)}
        </div>
      </td>
      <td>{dayText(firstDay, language)}</td>
      <td>{dayText(lastDay, language)}</td>
      <td>
        <Chip tone={TONES[state]}>{words.states[state]}</Chip>
      </td>
      <td>{author}</td>
      <td>{!isPast(handover) && <Button onClick={onEnd}>{words.endNow}</Button>}</td>
    </tr>
  );
}

function AbsenceDialog({ onClose }: { readonly onClose: () => void }) {
  const frame = useWords(administrationWords);
  const words = useWords(workWords);
  const today = useToday();
  const colleagues = useQuery(colleaguesQuery).data?.items ?? [];
  const [from, setFrom] = useState('');
  const [to, setTo] = useState('');
  const [firstDay, setFirstDay] = useState(today);
  const [lastDay, setLastDay] = useState('');
  const handing = useChange(() => handOver({ from, to, firstDay, lastDay }), {
    ...{ reads: [['handovers'], ['lists'], ['colleagues']], done: words.handedOver, onDone: onClose },
  });
  const options = [
    { value: '', text: words.choose },
    ...colleagues.map(({ person }) => ({ value: person.id, text: person.name })),
  ];
  return (
    <FormDialog
      title={words.newAbsence}
      closeLabel={frame.cancel}
      submitText={words.handOver}
      error={handing.error}
      isSending={handing.isPending}
      onClose={onClose}
      onSubmit={() => handing.mutate(undefined)}
    >
      <SelectField
        label={words.from}
        required
        autoFocus
        options={options}
        value={from}
        error={errorOf(handing.error, 'from')}
        onValue={setFrom}
      />
      <SelectField
        label={words.to}
        required
        options={options.filter(({ value }) => value !== from || value === '')}
        value={to}
        error={errorOf(handing.error, 'to')}
        onValue={setTo}
      />
      <DayField
        label={words.firstDay}
        required
        value={firstDay}
        error={errorOf(handing.error, 'firstDay')}
        onValue={setFirstDay}
      />
      <DayField
        label={words.lastDay}
        required
        shortcuts={[7, 14]}
        value={lastDay}
        error={errorOf(handing.error, 'lastDay')}
        onValue={setLastDay}
      />
    </FormDialog>
  );
}
