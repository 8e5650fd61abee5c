import { clearTimeout, setTimeout } from 'node:timers';

export interface ShareLimits {
  /** Requests of all groups that run at the same time. */
  readonly running: number;
  /** Running requests of one group; fewer than `running`, so that another group can start immediately. */
  readonly runningPerGroup: number;
  readonly runningPerMember: number;
  /** Waiting requests of one group. */
  readonly waitingPerGroup: number;
  readonly waitingPerMember: number;
  /** The longest wait of one request. */
  readonly waitMs: number;
}

/**
 * Refused. `queue-full`: too many requests wait already. `waited-too-long`: this request waited and was not started.
 */
export class NoShare extends Error {
  constructor(readonly reason: 'queue-full' | 'waited-too-long') {
    super(`No share: ${reason}.`);
    this.name = 'NoShare';
  }
}

/** Releases a request's share. A second call changes nothing. */
export type Release = () => void;

interface Waiting {
  readonly start: (release: Release) => void;
  readonly timeout: NodeJS.Timeout;
}

interface Member {
  running: number;
  readonly waiting: Set<Waiting>;
}

interface Group {
  running: number;
  waiting: number;
  /** In the order of their turns. */
  readonly members: Map<string, Member>;
}

/**
 * Distributes a limited number of concurrent requests fairly over groups (hospitals) and their members (callers).
 * Free capacity goes to the groups in rotation and, within a group, to its members in rotation. The requests of one
 * member start in their order.
 */
export class FairShare {
  private running = 0;
  /** In the order of their turns. */
  private readonly groups = new Map<string, Group>();

  constructor(private readonly limits: ShareLimits) {}

  /**
   * Resolves when the request may start. Rejects with NoShare when too many requests wait, or after the longest wait.
   */
  async take(groupName: string, memberName: string): Promise<Release> {
    const group = this.groups.get(groupName) ?? {
      running: 0,
      waiting: 0,
      members: new Map<string, Member>(),
    };
    const member = group.members.get(memberName) ?? { running: 0, waiting: new Set<Waiting>() };
    this.groups.set(groupName, group);
    group.members.set(memberName, member);
    if (this.running < this.limits.running && this.hasRoom(group) && this.hasRoomIn(member))
      return this.started(groupName, memberName);
    if (group.waiting >= this.limits.waitingPerGroup || member.waiting.size >= this.limits.waitingPerMember)
      throw new NoShare('queue-full');
    return new Promise<Release>((resolve, reject) => {
      const timeout = setTimeout(() => {
        member.waiting.delete(waiting);
        group.waiting--;
        this.forgetIdle(groupName, memberName);
        reject(new NoShare('waited-too-long'));
      }, this.limits.waitMs).unref();
      const waiting: Waiting = { start: resolve, timeout };
      member.waiting.add(waiting);
      group.waiting++;
    });
  }

  private hasRoom(group: Group): boolean {
    return group.running < this.limits.runningPerGroup;
  }

  private hasRoomIn(member: Member): boolean {
    return member.running < this.limits.runningPerMember;
  }

  /** Counts one more request, and moves its group and member to the end of the rotation. */
  private started(groupName: string, memberName: string): Release {
    const group = toEnd(this.groups, groupName);
    const member = group && toEnd(group.members, memberName);
    if (!group || !member) throw new Error(`Nobody of ${groupName} waits as ${memberName}.`);
    this.running++;
    group.running++;
    member.running++;
    let released = false;
    return () => {
      if (released) return;
      released = true;
      this.running--;
      group.running--;
      member.running--;
      this.forgetIdle(groupName, memberName);
      this.startNext();
    };
  }

  private startNext(): void {
    while (this.running < this.limits.running) {
      const next = this.next();
      if (next === undefined) return;
      const [groupName, memberName, group, waiting] = next;
      group.members.get(memberName)?.waiting.delete(waiting);
      group.waiting--;
      clearTimeout(waiting.timeout);
      waiting.start(this.started(groupName, memberName));
    }
  }

  private next(): readonly [string, string, Group, Waiting] | undefined {
    for (const [groupName, group] of this.groups) {
      if (group.waiting === 0 || !this.hasRoom(group)) continue;
      for (const [memberName, member] of group.members) {
        const [waiting] = member.waiting;
        if (waiting !== undefined && this.hasRoomIn(member)) return [groupName, memberName, group, waiting];
      }
    }
    return undefined;
  }

  /** The memory contains only members with running or waiting requests. */
  private forgetIdle(groupName: string, memberName: string): void {
    const group = this.groups.get(groupName);
    const member = group?.members.get(memberName);
    if (member?.running === 0 && member.waiting.size === 0) group?.members.delete(memberName);
    if (group?.members.size === 0) this.groups.delete(groupName);
  }
}

function toEnd<T>(turns: Map<string, T>, name: string): T | undefined {
  const entry = turns.get(name);
  if (entry === undefined) return undefined;
  turns.delete(name);
  turns.set(name, entry);
  return entry;
}
