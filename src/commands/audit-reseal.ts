import type { DataSource } from 'typeorm';
import { AnchorReceiver } from '../audit/anchor-receiver.js';
import { AuditAnchor, type AcceptedFork } from '../audit/audit-anchor.js';
import { type AnchorRecord, readAnchors } from '../audit/anchor-reader.js';
import { recordAudit, stepCall } from '../tenancy/audit-entry.js';
import { forkOf } from '../audit/audit-verification.js';
import { programIn } from '../tenancy/caller.js';
import { FieldCipher } from '../encryption/field-cipher.js';
import { HospitalScope } from '../tenancy/hospital-scope.js';
import { SecretBox } from '../encryption/secret-box.js';
import type { Config } from '../platform/config.js';
import type { Message } from '../guideline/message.js';
import { msg, render } from '../platform/messages/dictionary.js';
import { OutboundClient } from '../platform/outbound/outbound-client.js';
import { printLine } from './print-line.js';

/** The hospitals to reseal, and those of the database. */
export interface ResealedHospitals {
  readonly chosen: readonly string[];
  readonly present: readonly string[];
}

/**
 * After a restore, or when another program wrote to the anchor file: reports the problems, and accepts them, signed
 * and permanently. The trails continue from the current state of the database.
 */
export async function reseal(
  dataSource: DataSource,
  owner: DataSource,
  hospitals: ResealedHospitals,
  config: Config,
  reason: string,
): Promise<void> {
  const tell = (message: Message): Promise<void> => printLine(render(message, config.language));
  const anchors = await readAnchors(config);
  const changed = await changedTrails(owner, hospitals, anchors, reason);
  const foreign = foreignTrails(hospitals, anchors, reason);
  if (changed.length === 0 && foreign.length === 0 && !anchors.damaged) {
    await tell(msg('nothing-to-reseal'));
    return;
  }
  for (const { hospitalId, batch } of changed) {
    await record(owner, hospitalId, `batch ${batch}`);
    await tell(msg('begins-anew', { id: hospitalId, batch }));
  }
  for (const { hospitalId } of foreign) await tell(msg('foreign-trail', { id: hospitalId }));
  if (anchors.damaged) await acceptLines(owner, hospitals, anchors, tell);
  const { lines, digest } = anchors;
  const scope = new HospitalScope(dataSource, new FieldCipher(new SecretBox(config)));
  const client = new OutboundClient({ loopback: config.webhookLoopback, proxy: config.outboundProxy });
  const receiver = new AnchorReceiver(config, client);
  const anchor = new AuditAnchor(config, dataSource, scope, receiver);
  await anchor.write([...changed, ...foreign], anchors.damaged ? { lines, digest, reason } : undefined);
  await receiver.send();
  const fault = receiver.fault();
  if (fault) await tell(fault);
  await client.onApplicationShutdown();
}

async function changedTrails(
  owner: DataSource,
  { chosen }: ResealedHospitals,
  anchors: AnchorRecord,
  reason: string,
): Promise<AcceptedFork[]> {
  const forks: AcceptedFork[] = [];
  for (const hospitalId of chosen) {
    const batch = await forkOf(owner.manager, hospitalId, anchors);
    if (batch !== undefined) forks.push({ hospitalId, batch, reason });
  }
  return forks;
}

// Another program, on another database, wrote to the file; or the hospital was removed from this one.
function foreignTrails(
  { chosen, present }: ResealedHospitals,
  { heads }: AnchorRecord,
  reason: string,
): AcceptedFork[] {
  if (chosen.length < present.length) return [];
  const foreign = [...heads.keys()].filter((hospitalId) => !present.includes(hospitalId));
  return foreign.map((hospitalId) => ({ hospitalId, batch: 0, reason }));
}

async function acceptLines(
  owner: DataSource,
  { chosen }: ResealedHospitals,
  { faults, lines }: AnchorRecord,
  tell: (message: Message) => Promise<void>,
): Promise<void> {
  for (const fault of faults) await tell(fault);
  await tell(msg('anchor-lines-accepted', { lines }));
  for (const hospitalId of chosen) await record(owner, hospitalId, `anchor line ${lines}`);
}

const record = (owner: DataSource, hospitalId: string, after: string): Promise<unknown> =>
  recordAudit(owner.manager, programIn(hospitalId), stepCall('audit reseal'), {
    ...{ outcome: 'done', status: null, patients: [] },
    detail: { after },
  });
