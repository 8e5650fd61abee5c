import { setTimeout as sleep } from 'node:timers/promises';
import type { PersistentCaller } from './persistent-caller.js';

/** What became of the entries of a nurse while the program was killed, cut off and out of space. */
export interface NurseReport {
  readonly entries: number;
  /** Entries that were answered and are not in the history, and items with more than one step. */
  readonly lost: number;
  readonly doubled: number;
  /** Items that were deferred, and are not on the list of those that returned once their day has come. */
  readonly notReturned: number;
  /** Stand-ins who still own the patients after the last day of the handover. */
  readonly standIns: number;
}

interface Page<Row> {
  readonly items: readonly Row[];
  readonly nextCursor: string | null;
}

const ENTRIES = 60;
const DEFERRED_DAYS = 3;
const DAY_MS = 86_400_000;
const PAUSE_MS = 150;

/**
 * A nurse who defers items one after the other, each as she has read it, and repeats a request that was not answered. In
 * the middle, patients are handed over for a day.
 */
export class PersistentNurse {
  private finished: Promise<void> | undefined;
  private itemIds: readonly string[] = [];
  private handoverFrom = '';

  constructor(private readonly caller: PersistentCaller) {}

  /** Begins with the items; the rest happens beside the faults. */
  async start(itemIds: readonly string[], today: string): Promise<void> {
    this.itemIds = itemIds.slice(0, ENTRIES);
    const [from, to] = [await this.person('Lin'), await this.person('Zhao')];
    this.handoverFrom = from;
    this.finished = this.work(from, to, today);
    this.finished.catch(() => undefined); // `report` awaits it
  }

  private async work(from: string, to: string, today: string): Promise<void> {
    const until = dayAfter(today, DEFERRED_DAYS);
    for (const [index, id] of this.itemIds.entries()) {
      const { item } = await this.caller.read<{ item: { etag: string } }>(`/items/${id}`);
      const payload = { until, reason: 'away' };
      await this.caller.call('POST', `/items/${id}/defer`, { payload, etag: item.etag });
      if (index === Math.floor(this.itemIds.length / 2)) {
        const days = { firstDay: today, lastDay: dayAfter(today, 1) };
        await this.caller.call('POST', '/handovers', { payload: { from, to, ...days } });
      }
      await sleep(PAUSE_MS);
    }
  }

  /** Once all entries were answered. `goOn` moves the clock by so many seconds. */
  async report(goOn: (seconds: number) => Promise<void>): Promise<NurseReport> {
    await this.finished;
    let [lost, doubled] = [0, 0];
    for (const id of this.itemIds) {
      const { items } = await this.caller.read<Page<object>>(`/items/${id}/history`);
      if (items.length === 0) lost++;
      if (items.length > 1) doubled++;
    }
    await goOn(((DEFERRED_DAYS + 1) * DAY_MS) / 1000);
    const returned = await this.caller.read<Page<{ id: string }>>(
      '/worklist?list=returned&view=items&limit=500',
    );
    const ids = new Set(returned.items.map(({ id }) => id));
    const { items } = await this.caller.read<Page<{ id: string; state: string }>>('/handovers');
    const { standIn } = await this.caller.read<{ standIn: object | null }>(`/owners/${this.handoverFrom}`);
    return {
      entries: this.itemIds.length,
      lost: lost + (items.length === 0 ? 1 : 0),
      doubled: doubled + Math.max(0, items.length - 1) + returned.items.length - ids.size,
      notReturned: this.itemIds.filter((id) => !ids.has(id)).length,
      standIns: standIn === null && items.every(({ state }) => state === 'over') ? 0 : 1,
    };
  }

  private async person(name: string): Promise<string> {
    const payload = { login: name.toLowerCase(), name, roles: ['nurse'] };
    const answer = await this.caller.call<{ id: string }>('POST', '/people', { payload });
    return answer?.id ?? '';
  }
}

const dayAfter = (day: string, days: number): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);
