import { Readable } from 'node:stream';
import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { tooMany } from '../../platform/domain-error.js';
import { msg } from '../../platform/messages/dictionary.js';
import { PeriodicTask } from '../../platform/periodic-task.js';
import { type Caller, patientScopeSetting } from '../../tenancy/caller.js';
import { HospitalScope, type HospitalTransaction, inPatientScope } from '../../tenancy/hospital-scope.js';
import { credentialOf, presentCredentials } from '../../tenancy/present-callers.js';
import { changeEvent, HEARTBEAT, readyEvent, reloadEvent, type ShownChange } from './event-stream.js';
import { presentNames } from './presence.js';
import {
  type ChangePosition,
  changesAfter,
  KEPT_MS,
  positionNow,
  type ReadChange,
} from './recorded-changes.js';

const POLL_EVERY_MS = 1000;
const HEARTBEAT_EVERY_POLLS = 15;
const PER_CALLER = 6;
const PER_HOSPITAL = 200;
const RETRY_SECONDS = 30;

/** A reader that is so far behind reads on from where it was, after it has connected again. */
const BUFFERED_AT_MOST_BYTES = 256_000;

/** Changes are remembered so long as they can be read a second time. */
const REMEMBERED_MS = 120_000;

export interface StreamRequest {
  /** Where the reader was; undefined: from now on. */
  readonly after: ChangePosition | undefined;
  /** Whether the stream stays open for what is to come. */
  readonly follows: boolean;
}

interface Stream extends StreamRequest {
  readonly caller: Caller;
  readonly output: Readable;
  hasJoined: boolean;
  hasEnded: boolean;
}

/** The streams of one hospital, and up to where its changes were read. */
interface Channel {
  readonly streams: Set<Stream>;
  position: ChangePosition | undefined;
  /** When each change was first read. */
  readonly seen: Map<string, number>;
}

/**
 * Sends open streams what has changed. One short transaction a second for each hospital with streams in this process,
 * however many streams there are; a stream holds no connection and no share of its own.
 */
@Injectable()
export class ChangeFeed implements OnApplicationBootstrap, OnModuleDestroy {
  readonly polls = new PeriodicTask(() => this.poll(), new Logger(ChangeFeed.name));
  private readonly channels = new Map<string, Channel>();
  private pollsSinceHeartbeat = 0;

  constructor(private readonly scope: HospitalScope) {}

  onApplicationBootstrap(): void {
    this.polls.every(POLL_EVERY_MS);
  }

  async onModuleDestroy(): Promise<void> {
    for (const { streams } of this.channels.values()) for (const stream of streams) end(stream);
    await this.polls.stop();
  }

  /** The stream of the caller in scope. Refuses (429) one more than the caller or the hospital can have in this process. */
  open(request: StreamRequest): Readable {
    const { caller } = this.scope;
    const channel = this.channels.get(caller.hospitalId) ?? newChannel();
    const own = [...channel.streams].filter((stream) => stream.caller.id === caller.id);
    if (own.length >= PER_CALLER || channel.streams.size >= PER_HOSPITAL)
      throw tooMany(
        'too-many-streams',
        msg('too-many-streams', { own: PER_CALLER, hospital: PER_HOSPITAL }),
        RETRY_SECONDS,
      );
    const output = new Readable({ read: () => undefined });
    const stream: Stream = { ...request, caller, output, hasJoined: false, hasEnded: false };
    this.channels.set(caller.hospitalId, channel);
    channel.streams.add(stream);
    output.once('close', () => {
      channel.streams.delete(stream);
      if (channel.streams.size === 0 && this.channels.get(caller.hospitalId) === channel)
        this.channels.delete(caller.hospitalId);
    });
    void this.polls.round();
    return output;
  }

  private async poll(): Promise<void> {
    const isBeat = ++this.pollsSinceHeartbeat >= HEARTBEAT_EVERY_POLLS;
    if (isBeat) this.pollsSinceHeartbeat = 0;
    for (const [hospitalId, channel] of this.channels)
      try {
        await this.scope.run(hospitalId, () => this.scope.unaudited((tx) => pollHospital(tx, channel)));
        if (isBeat) for (const stream of channel.streams) send(stream, HEARTBEAT);
      } catch (error) {
        // The readers connect again, and read on from where they were.
        for (const stream of channel.streams) end(stream);
        throw error;
      }
  }
}

const newChannel = (): Channel => ({ streams: new Set(), position: undefined, seen: new Map() });

async function pollHospital(tx: HospitalTransaction, channel: Channel): Promise<void> {
  const from = channel.position;
  const read = from && (await changesAfter(tx, from));
  const isTooMuch = read?.more ?? false;
  const position = read && !isTooMuch ? read.position : await positionNow(tx);
  const news = unseen(channel, read && !isTooMuch ? read.changes : [], tx.now);
  // A reader of changes looks back; streams that begin now are not sent the older ones.
  if (from === undefined) unseen(channel, (await changesAfter(tx, position)).changes, tx.now);
  channel.position = position;
  const waiting = [...channel.streams].filter(({ hasJoined }) => !hasJoined);
  if (news.length === 0 && !isTooMuch && waiting.length === 0) return;

  await endAbsent(tx, channel);
  for (const stream of channel.streams) {
    if (!stream.hasJoined) await join(tx, stream, position);
    else if (isTooMuch) send(stream, reloadEvent(position));
    else await sendChanges(tx, stream, news, from ?? position, position);
  }
}

/** The changes that were not read before. */
function unseen({ seen }: Channel, changes: readonly ReadChange[], now: Date): ReadChange[] {
  const news = changes.filter(({ id }) => !seen.has(id));
  for (const { id } of news) seen.set(id, now.getTime());
  for (const [id, at] of seen) {
    if (at > now.getTime() - REMEMBERED_MS) break; // the oldest come first
    seen.delete(id);
  }
  return news;
}

/** Ends the streams of callers whose session or key has ended, or gives other rights than when the stream began. */
async function endAbsent(tx: HospitalTransaction, { streams }: Channel): Promise<void> {
  const present = await presentCredentials(
    tx,
    [...streams].map(({ caller }) => caller),
  );
  for (const stream of streams)
    if (!present.has(credentialOf(stream.caller))) {
      end(stream);
      streams.delete(stream);
    }
}

/** Sends a new stream what it has missed. */
async function join(tx: HospitalTransaction, stream: Stream, position: ChangePosition): Promise<void> {
  const { after, follows } = stream;
  const isTooOld = after !== undefined && after.at.getTime() < tx.now.getTime() - KEPT_MS;
  const missed = after && !isTooOld ? await changesAfter(tx, after) : undefined;
  if (isTooOld || missed?.more) send(stream, reloadEvent(position));
  else if (missed && after) await sendChanges(tx, stream, missed.changes, after, after);
  send(stream, readyEvent(position));
  stream.hasJoined = true;
  if (!follows) end(stream);
}

/**
 * Sends the changes about patients whom its caller may see, each kind of change once for each patient. Only
 * the last one says that all were sent: a reader that loses the connection in between gets all of them again.
 */
async function sendChanges(
  tx: HospitalTransaction,
  stream: Stream,
  changes: readonly ReadChange[],
  before: ChangePosition,
  position: ChangePosition,
): Promise<void> {
  if (changes.length === 0) return;
  const ids = [...new Set(changes.map(({ patientId }) => patientId))];
  const seen = await patientsSeen(tx, stream.caller, ids);
  const byKind = new Map<string, ShownChange>();
  const names = await presentNames(
    tx,
    changes.filter(({ kind }) => kind === 'presence').map(({ patientId }) => patientId),
  );
  for (const { patientId, kind } of changes)
    if (seen.has(patientId))
      byKind.set(`${kind} ${patientId}`, {
        ...{ patientId, kind },
        ...(kind === 'presence' && { workingNow: names.get(patientId) ?? [] }),
      });
  let left = byKind.size;
  for (const change of byKind.values()) send(stream, changeEvent(change, --left > 0 ? before : position));
}

async function patientsSeen(
  tx: HospitalTransaction,
  caller: Caller,
  ids: readonly string[],
): Promise<ReadonlySet<string>> {
  const scope = patientScopeSetting(caller);
  if (scope === '') return new Set(ids);
  const rows = await inPatientScope(tx, scope, () =>
    tx.db.query<{ id: string }[]>('SELECT id FROM patient WHERE hospital_id = $1 AND id = ANY ($2)', [
      tx.hospital.id,
      ids,
    ]),
  );
  return new Set(rows.map(({ id }) => id));
}

function end(stream: Stream): void {
  stream.hasEnded = true;
  stream.output.push(null);
}

/** A poll that began before the end of a stream may still have changes for it: Node.js would end the process. */
function send({ output, hasEnded }: Stream, text: string): void {
  if (hasEnded) return;
  if (output.readableLength > BUFFERED_AT_MOST_BYTES) output.destroy();
  else output.push(text);
}
