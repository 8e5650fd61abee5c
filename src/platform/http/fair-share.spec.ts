import { setImmediate, setTimeout } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { FairShare, type Release, type ShareLimits } from './fair-share.js';

const LIMITS: ShareLimits = {
  ...{ running: 4, runningPerGroup: 2, runningPerMember: 1 },
  ...{ waitingPerGroup: 50, waitingPerMember: 20, waitMs: 60_000 },
};

interface Started {
  readonly group: string;
  readonly member: string;
  readonly release: Release;
}

/** A share in use: the running requests in the order of their start. */
class InUse {
  readonly running: Started[] = [];
  readonly started: string[] = [];

  constructor(readonly share: FairShare) {}

  /** Requests a turn; a started request appears in `running`. */
  async ask(group: string, member: string): Promise<void> {
    void this.share.take(group, member).then(
      (release) => {
        this.running.push({ group, member, release });
        this.started.push(group);
      },
      () => undefined,
    );
    await setImmediate();
  }

  /** Ends one of the running requests; returns its owner. */
  async end(index: number): Promise<Started | undefined> {
    const [ended] = this.running.splice(index % Math.max(1, this.running.length), 1);
    ended?.release();
    await setImmediate();
    return ended;
  }
}

const countOf = (running: readonly Started[], wanted: Partial<Started>): number =>
  running.filter(
    ({ group, member }) =>
      group === wanted.group && (wanted.member === undefined || member === wanted.member),
  ).length;

const names = fc.tuple(fc.constantFrom('a', 'b', 'c'), fc.constantFrom('x', 'y', 'z'));
const steps = fc.array(fc.oneof(names, fc.nat({ max: 20 })), { maxLength: 60 });

test('no limit is ever exceeded, and no capacity is free while a request that may use it waits', async () => {
  await fc.assert(
    fc.asyncProperty(steps, async (taken) => {
      const use = new InUse(new FairShare(LIMITS));
      const asked = new Map<string, number>();
      for (const step of taken) {
        if (typeof step === 'number') {
          const ended = await use.end(step);
          if (ended) asked.set(keyOf(ended), (asked.get(keyOf(ended)) ?? 0) - 1);
        } else {
          const [group, member] = step;
          asked.set(keyOf({ group, member }), (asked.get(keyOf({ group, member })) ?? 0) + 1);
          await use.ask(group, member);
        }
        const { running } = use;
        expect(running.length).toBeLessThanOrEqual(LIMITS.running);
        for (const { group, member } of running) {
          expect(countOf(running, { group })).toBeLessThanOrEqual(LIMITS.runningPerGroup);
          expect(countOf(running, { group, member })).toBeLessThanOrEqual(LIMITS.runningPerMember);
        }
        if (running.length === LIMITS.running) continue;
        for (const [key, open] of asked) {
          const [group = '', member = ''] = key.split(' ');
          const mine = countOf(running, { group, member });
          const hasRoom =
            mine < LIMITS.runningPerMember && countOf(running, { group }) < LIMITS.runningPerGroup;
          expect({ key, waits: hasRoom && open > mine }).toEqual({ key, waits: false });
        }
      }
    }),
  );
});

const keyOf = ({ group, member }: Pick<Started, 'group' | 'member'>): string => `${group} ${member}`;

test('a request starts before any flooding group has had two turns', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 6 }),
      fc.infiniteStream(fc.nat({ max: 20 })),
      async (floods, choices) => {
        const use = new InUse(new FairShare(LIMITS));
        const flood = async (group: string): Promise<void> => {
          for (const member of ['x', 'y', 'z']) await use.ask(group, member);
        };
        const groups = Array.from({ length: floods }, (_, index) => `flood ${index}`);
        for (const group of groups) await flood(group);
        for (const group of groups) await flood(group);
        const before = use.started.length;
        await use.ask('quiet', 'nurse');
        for (let turn = 0; turn < groups.length && !use.started.includes('quiet'); turn++) {
          const ended = await use.end(choices.next().value);
          if (ended) await use.ask(ended.group, ended.member);
        }
        if (!use.started.includes('quiet')) await use.end(0);
        expect(use.started).toContain('quiet');
        const meanwhile = use.started.slice(before, use.started.indexOf('quiet'));
        expect(new Set(meanwhile).size).toBe(meanwhile.length);
      },
    ),
  );
});

test('one group that sends without end keeps another from nothing', async () => {
  const use = new InUse(new FairShare(LIMITS));
  for (let index = 0; index < 40; index++) await use.ask('a', `member ${index % 10}`);
  await use.ask('b', 'nurse');
  expect(use.started).toEqual(['a', 'a', 'b']);
});

test('of one group the callers have their turns, and of one caller the requests their order', async () => {
  const share = new FairShare({ ...LIMITS, running: 1, runningPerGroup: 1 });
  const order: string[] = [];
  const asked = ['x', 'x', 'x', 'y', 'y'].map((member, index) =>
    share.take('a', member).then((release) => {
      order.push(`${member}${index}`);
      release();
    }),
  );
  await Promise.all(asked);
  expect(order).toEqual(['x0', 'x1', 'y3', 'x2', 'y4']);
});

test('who finds the queue full, or waits too long, is refused and leaves nothing behind', async () => {
  const tight = { running: 1, runningPerGroup: 1, runningPerMember: 1, waitMs: 30 };
  const share = new FairShare({ ...tight, waitingPerGroup: 2, waitingPerMember: 1 });
  const release = await share.take('a', 'x');
  const waiting = [share.take('a', 'x'), share.take('a', 'y')].map((one) =>
    one.catch((error: unknown) => error),
  );
  await expect(share.take('a', 'x')).rejects.toMatchObject({ reason: 'queue-full' });
  await expect(share.take('a', 'z')).rejects.toMatchObject({ reason: 'queue-full' });
  await setTimeout(60);
  expect(await Promise.all(waiting)).toMatchObject([
    { reason: 'waited-too-long' },
    { reason: 'waited-too-long' },
  ]);
  release();
  release();
  const next = await share.take('a', 'z');
  await expect(share.take('b', 'z')).rejects.toMatchObject({ reason: 'waited-too-long' });
  next();
  expect(share).toMatchObject({ running: 0, groups: new Map() });
});
