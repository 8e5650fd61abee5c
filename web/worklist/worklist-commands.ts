import { ACT_KEYS, ACT_KINDS, type ActKind } from '../acts/act.js';
import { actWords } from '../acts/act-name-words.js';
import type { ListName } from '../calls/lists.js';
import { useMayCare } from '../calls/me.js';
import { type Command, useCommands } from '../commands/commands.js';
import { goTo } from '../routing/place.js';
import { useWords } from '../words/use-words.js';
import type { Selection } from './selection.js';
import { patientAddress } from './worklist-address.js';
import { worklistWords } from './worklist-words.js';

/** Lists with a key of their own, pressed after `g`. */
const LIST_KEYS: Partial<Record<ListName, string>> = {
  overdue: 'o',
  due: 'd',
  this_week: '7',
  to_book: 'b',
  booked_passed: 'p',
  awaiting_result: 'r',
  not_attended: 'n',
};

interface Worklist {
  readonly order: readonly string[];
  readonly places: ReadonlyMap<string, number>;
  readonly cursor: string | undefined;
  readonly openId: string | undefined;
  readonly selection: Selection;
  readonly setCursor: (patientId: string) => void;
  readonly open: (patientId: string | undefined) => void;
  readonly refresh: () => void;
  readonly showMine: () => void;
  readonly showList: (list: ListName) => void;
  readonly startAct: (kind: ActKind) => void;
  readonly startCalls: () => void;
}

/** Everything on the worklist that a key can do. */
export function useWorklistCommands(page: Worklist): void {
  useCommands([...useMoves(page), ...useActs(page), ...useViews(page)]);
}

function useMoves({ order, places, cursor, openId, selection, setCursor, open }: Worklist): Command[] {
  const words = useWords(worklistWords);
  const moveTo = (place: number): void => {
    const id = order[Math.min(Math.max(place, 0), order.length - 1)];
    if (id === undefined) return;
    setCursor(id);
    if (openId !== undefined) open(id); // the panel follows
  };
  const place = places.get(cursor ?? '') ?? -1;
  const ifCursor = (run: (id: string) => void) => () => {
    if (cursor !== undefined) run(cursor);
  };
  const openRecord = (id: string): void => {
    setCursor(id);
    open(id); // the way back leads to this row
    goTo(patientAddress(id));
  };
  const closeOrClear = (): void => {
    if (selection.ids.size > 0) selection.set([]);
    else open(undefined);
  };
  const command = (id: string, title: string, keys: readonly string[], run: () => void): Command => ({
    ...{ id, title, group: words.moving, keys, run, isKeyOnly: true },
  });
  return [
    command('next', words.next, ['j', 'arrowdown'], () => moveTo(place + 1)),
    command('previous', words.previous, ['k', 'arrowup'], () => moveTo(place - 1)),
    command('first', words.first, ['home'], () => moveTo(0)),
    command('last', words.last, ['end'], () => moveTo(order.length - 1)),
    command('open', words.open, ['enter'], ifCursor(open)),
    command('record', words.wholeRecord, ['shift+enter'], ifCursor(openRecord)),
    command('close', words.closePanel, ['escape'], closeOrClear),
    command('toggle', words.toggle, ['x'], ifCursor(selection.toggle)),
    command('range', words.toggleRange, ['shift+x'], ifCursor(selection.extendTo)),
  ];
}

function useActs({ startAct, startCalls }: Worklist): Command[] {
  const words = useWords(worklistWords);
  const acts = useWords(actWords);
  return [
    ...ACT_KINDS.map((kind) => ({
      ...{ id: kind, title: acts[kind], group: words.acting, keys: [ACT_KEYS[kind]] },
      run: () => startAct(kind),
    })),
    ...(useMayCare()
      ? [{ id: 'calls', title: words.startCalls, group: words.acting, keys: ['t'], run: startCalls }]
      : []),
  ];
}

function useViews({ refresh, showMine, showList }: Worklist): Command[] {
  const words = useWords(worklistWords);
  const group = words.viewing;
  const lists = (Object.keys(words.lists) as ListName[]).map((list): Command => {
    const key = LIST_KEYS[list];
    return {
      ...{ id: `list-${list}`, title: words.goToList(words.lists[list]), group },
      ...(key !== undefined && { keys: [`g ${key}`] }),
      run: () => showList(list),
    };
  });
  return [
    { id: 'refresh', title: words.refresh, group, keys: ['u'], run: refresh },
    { id: 'mine', title: words.onlyMine, group, keys: ['m'], run: showMine },
    ...lists,
  ];
}
