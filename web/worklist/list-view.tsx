import { type ReactNode, Suspense, useCallback, useMemo, useState } from 'react';
import { type ActDone, type ActKind, type ActTarget, type ItemNow, targetOf } from '../acts/act.js';
import { Failure } from '../calls/failure.js';
import type { ListName } from '../calls/lists.js';
import { useMe } from '../calls/me.js';
import { Busy } from '../parts/busy.js';
import { dayText } from '../words/dates.js';
import { useLanguage } from '../words/language.js';
import { onDemand } from '../routing/on-demand.js';
import { goTo } from '../routing/place.js';
import { useWords } from '../words/use-words.js';
import { ActBar } from './act-bar.js';
import { useChosenColumns } from './chosen-columns.js';
import { FilterBar } from './filter-bar.js';
import { useRowMarks } from './row-marks.js';
import { RowTable } from './row-table.js';
import { type Rows, useRows } from './rows.js';
import { useSelection } from './selection.js';
import { callsAddressOf, queryOf, type WorklistAddress } from './worklist-address.js';
import { useWorklistCommands } from './worklist-commands.js';
import { worklistWords } from './worklist-words.js';

const PatientPanel = onDemand(() => import('./patient-panel.js'));
const NoRows = onDemand(() => import('./no-rows.js'));
const ActDialog = onDemand(() => import('../acts/act-dialog.js'));

interface PendingAct {
  readonly kind: ActKind;
  readonly targets: readonly ActTarget[];
}

interface ListViewProps {
  readonly address: WorklistAddress;
  readonly searched: string;
  /** Changes the address. */
  readonly go: (change: Partial<WorklistAddress>) => void;
  readonly onSearch: (text: string) => void;
  readonly onList: (list: ListName) => void;
}

/** One list with its filters: rows, what was done to them, and the patient beside them. */
export function ListView({ address, searched, go, onSearch, onList }: ListViewProps) {
  const list = useRows(queryOf(address), searched);
  const [columns, chooseColumns] = useChosenColumns();
  const marks = useRowMarks();
  const [moved, setCursor] = useState<string>();
  const [act, setAct] = useState<PendingAct>();
  const order = useMemo(() => list.rows.map(({ patient }) => patient.id), [list.rows]);
  const places = useMemo(() => new Map(order.map((id, place) => [id, place])), [order]);
  const cursor = moved ?? (places.has(address.patient ?? '') ? address.patient : order[0]);
  const selection = useSelection(order);

  const open = (patientId: string | undefined): void => go({ patient: patientId });
  const { forgetAll } = marks;
  const { reload } = list;
  const refresh = useCallback(() => {
    forgetAll();
    reload();
  }, [forgetAll, reload]);
  const startAct = (kind: ActKind): void => {
    const wanted = selection.ids.size > 0 ? selection.ids : new Set([cursor]);
    const targets = list.rows.filter(({ patient }) => wanted.has(patient.id)).map(targetOf);
    if (targets.length > 0) setAct({ kind, targets });
  };
  const startCalls = (): void => goTo(callsAddressOf(address, moved));
  const onDone = ({ patientIds, text, items = [] }: ActDone): void => {
    list.renew(items);
    marks.markDone(patientIds, text);
    selection.set([]);
    const next = order[(places.get(patientIds[0] ?? '') ?? -1) + 1];
    if (patientIds.length > 1 || next === undefined) return;
    setCursor(next);
    if (address.patient !== undefined) open(next);
  };

  const onUndone = (patientIds: readonly string[], items: readonly ItemNow[]): void => {
    list.renew(items);
    marks.unmarkDone(patientIds);
  };

  useWorklistCommands({
    ...{
      order,
      places,
      cursor,
      selection,
      openId: address.patient,
      setCursor,
      open,
      refresh,
      startAct,
      startCalls,
    },
    showMine: () => go({ owner: address.owner === undefined ? 'me' : undefined }),
    showList: onList,
  });

  const opened = list.rows[places.get(address.patient ?? '') ?? -1];
  return (
    <>
      <section className={address.patient === undefined ? 'worklist-main' : 'worklist-main has-panel'}>
        <PrintHead address={address} />
        <FilterBar
          {...{ address, searched, columns, onSearch }}
          changed={marks.changedAmong(places)}
          missedChanges={marks.missedChanges}
          onFilter={go}
          onColumns={chooseColumns}
          onRefresh={refresh}
        />
        <RowsOrReason {...{ address, searched, list }}>
          {(label) => (
            <RowTable
              {...{ label, places, columns, cursor, selection, marks }}
              rows={list.rows}
              openId={address.patient}
              onCursor={setCursor}
              onOpen={open}
              onNearEnd={list.loadMore}
            />
          )}
        </RowsOrReason>
        <Failure error={list.nextError} onRetry={list.retryMore} />
        <ActBar
          selected={selection.ids.size}
          isDisabled={cursor === undefined}
          onAct={startAct}
          onCalls={startCalls}
          onClear={() => selection.set([])}
        />
      </section>
      <Suspense>
        {opened && (
          <PatientPanel
            key={opened.patient.id}
            row={opened}
            mark={marks.of(opened.patient.id)}
            onAct={(kind, items) => setAct({ kind, targets: [{ ...targetOf(opened), items }] })}
            onClose={() => open(undefined)}
          />
        )}
        {act && <ActDialog {...act} {...{ onDone }} onUndone={onUndone} onClose={() => setAct(undefined)} />}
      </Suspense>
    </>
  );
}

/** The rows, or why there are none. */
function RowsOrReason({
  address,
  searched,
  list,
  children,
}: {
  readonly address: WorklistAddress;
  readonly searched: string;
  readonly list: Rows;
  readonly children: (label: string) => ReactNode;
}) {
  const words = useWords(worklistWords);
  if (list.error) return <Failure error={list.error} onRetry={list.reload} />;
  if (list.isLoading) return <Busy text={words.loading} />;
  if (list.rows.length > 0) return children(words.lists[address.list]);
  return (
    <Suspense>
      <NoRows address={address} searched={searched} />
    </Suspense>
  );
}

/** On paper: which list of which hospital, and of which day. */
function PrintHead({ address }: { readonly address: WorklistAddress }) {
  const words = useWords(worklistWords);
  const { hospital, name } = useMe();
  return (
    <p className="print-head">
      {hospital.name} · {words.lists[address.list]} · {dayText(hospital.today, useLanguage())} · {name}
    </p>
  );
}
