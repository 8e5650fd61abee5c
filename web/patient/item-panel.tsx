import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { ACT_KEYS, type ActKind } from '../acts/act.js';
import { actWords } from '../acts/act-name-words.js';
import { Failure } from '../calls/failure.js';
import { type Item, itemQuery, reopenItem } from '../calls/items.js';
import { useMe } from '../calls/me.js';
import { useCommands } from '../commands/commands.js';
import { Explanation } from '../items/explanation.js';
import { DueDay, UrgencyChip, useActivityName, useStepText, WindowText } from '../items/item-facts.js';
import { itemWords } from '../items/item-words.js';
import { Button } from '../parts/button.js';
import { Panel } from '../parts/panel.js';
import { useToasts } from '../parts/toasts.js';
import { instantText } from '../words/dates.js';
import { textOf } from '../words/dictionary.js';
import { useLanguage } from '../words/language.js';
import { useWords } from '../words/use-words.js';
import { isOpen, type ScheduleItem } from './lanes.js';
import type { PatientActs } from './patient-acts.js';
import { patientWords } from './patient-words.js';

const OF_ITEMS = ['book', 'complete', 'defer', 'decline'] as const satisfies readonly ActKind[];

/** Only clinicians are offered it, and it ends a plan's date: a key of its own, far from the others. */
const CONTRAINDICATE_KEY = 'x';

/** One date: why it is as it is, what was done about it, and what can be done. */
export function ItemPanel({
  item,
  acts,
  onClose,
}: {
  readonly item: ScheduleItem;
  readonly acts: PatientActs | undefined;
  readonly onClose: () => void;
}) {
  const words = useWords(patientWords);
  const items = useWords(itemWords);
  const names = useWords(actWords);
  const nameOf = useActivityName();
  const stepText = useStepText();
  const mayAct = acts !== undefined && isOpen(item);
  const { data } = useQuery(itemQuery(item.id, useLanguage()));
  const mayContraindicate = mayAct && data?.possible.some(({ step }) => step === 'contraindicate') === true;
  const contraindicate = (): void => acts?.start('contraindicate', [item]);
  const group = nameOf(item.activity);
  const ofItem = OF_ITEMS.map((kind) => ({
    ...{ id: `item-${kind}`, title: names[kind], group, keys: [ACT_KEYS[kind]] },
    run: () => acts?.start(kind, [item]),
  }));
  useCommands([
    { id: 'close-item', title: words.close, group, keys: ['escape'], isKeyOnly: true, run: onClose },
    ...(mayAct ? ofItem : []),
    ...(mayContraindicate
      ? [
          {
            ...{ id: 'item-contraindicate', title: words.contraindicate, group, keys: [CONTRAINDICATE_KEY] },
            run: contraindicate,
          },
        ]
      : []),
  ]);
  return (
    <Panel title={nameOf(item.activity)} closeLabel={words.close} onClose={onClose}>
      <p className="item-day">
        {items.due} <DueDay day={item.due} />
      </p>
      <p className="item-state">
        {item.completedOn === null ? <UrgencyChip item={item} /> : words.doneOn(item.completedOn)}
        {isOpen(item) && <span className="quiet">{stepText(item)}</span>}
      </p>
      <p className="quiet small">
        {items.window} <WindowText item={item} />
      </p>
      {mayAct && (
        <p className="item-acts">
          {OF_ITEMS.map((kind) => (
            <Button key={kind} hint={ACT_KEYS[kind]} onClick={() => acts.start(kind, [item])}>
              {names[kind]}
            </Button>
          ))}
          {mayContraindicate && (
            <Button hint={CONTRAINDICATE_KEY} onClick={contraindicate}>
              {words.contraindicate}
            </Button>
          )}
        </p>
      )}
      <h3>{items.why}</h3>
      <Explanation itemId={item.id} />
      <Steps itemId={item.id} mayAct={acts !== undefined} />
    </Panel>
  );
}

/** What people did about the item, and the way back to where it waits to be booked. */
function Steps({ itemId, mayAct }: { readonly itemId: string; readonly mayAct: boolean }) {
  const words = useWords(patientWords);
  const { data, error, refetch } = useQuery(itemQuery(itemId, useLanguage()));
  const mayReopen = mayAct && data?.possible.some(({ step }) => step === 'reopen') === true;
  return (
    <section className="item-steps">
      <h3>{words.steps}</h3>
      <Failure error={error} onRetry={() => void refetch()} />
      {data?.history.length === 0 && <p className="quiet">{words.noSteps}</p>}
      <ul>
        {data?.history.map((step) => (
          <StepLine key={step.id} step={step} />
        ))}
      </ul>
      {mayReopen && <Reopen itemId={itemId} />}
    </section>
  );
}

export function StepLine({ step }: { readonly step: Item['history'][number] }) {
  const words = useWords(patientWords);
  const items = useWords(itemWords);
  const { timeZone } = useMe().hospital;
  const nameOf = useActivityName();
  const day = step.until === null ? step.on : items.until(step.until);
  return (
    <li className={step.undone === null ? undefined : 'is-void'}>
      {textOf(items.step, step.to)} {day}{' '}
      <span className="quiet">
        {[
          ...[step.substitute && words.insteadDone(nameOf(step.substitute)), step.reasonText, step.note],
          `${step.author} ${instantText(step.takenAt, timeZone)}`,
          step.undone && words.undone(step.undone.by),
        ]
          .filter(Boolean)
          .join(' · ')}
      </span>
    </li>
  );
}

function Reopen({ itemId }: { readonly itemId: string }) {
  const words = useWords(patientWords);
  const queries = useQueryClient();
  const toasts = useToasts();
  const reopening = useMutation({
    mutationFn: () => reopenItem(itemId),
    onSuccess: async () => {
      toasts.show({ text: words.reopened });
      await queries.invalidateQueries({ queryKey: ['patient'] });
      await queries.invalidateQueries({ queryKey: ['item', itemId] });
    },
  });
  return (
    <>
      <Failure error={reopening.error} />
      <Button busy={reopening.isPending} onClick={() => reopening.mutate()}>
        {words.reopen}
      </Button>
    </>
  );
}
