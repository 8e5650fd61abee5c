import { v7 as uuidv7 } from 'uuid';
import type { HospitalTransaction } from '../../tenancy/hospital-scope.js';
import { isAllowed } from '../../patients/consents.service.js';
import { CHANNELS, type Channel, PatientConsent } from '../../patients/patient-consent.entity.js';
import type { MergeRecord } from './record-merge.entity.js';

type Withdrawals = MergeRecord['withdrawals'];

/** The channels by which the target may be reached until the merge, and the source must not be: the stricter one holds. */
export const channelsToWithdraw = (
  ofTarget: readonly Pick<PatientConsent, 'channel' | 'decision'>[],
  ofSource: readonly Pick<PatientConsent, 'channel' | 'decision'>[],
): Channel[] =>
  CHANNELS.filter(
    (channel) =>
      isAllowed(channel, ofTarget) &&
      ofSource.find((one) => one.channel === channel)?.decision === 'withdrawn',
  );

/** Withdraws the target's consent where the source's was withdrawn. */
export async function copyWithdrawals(
  tx: HospitalTransaction,
  { targetId, sourceId, author }: { targetId: string; sourceId: string; author: string },
): Promise<Withdrawals> {
  const channels = channelsToWithdraw(await consentsOf(tx, targetId), await consentsOf(tx, sourceId));
  const withdrawals = channels.map((channel) => ({ id: uuidv7(), channel }));
  await record(tx, targetId, author, withdrawals, 'withdrawn');
  return withdrawals;
}

/** Gives the consent back by those channels for which no consent was recorded since. */
export async function takeBackWithdrawals(
  tx: HospitalTransaction,
  { targetId, author }: { targetId: string; author: string },
  withdrawals: Withdrawals,
): Promise<void> {
  const consents = await consentsOf(tx, targetId);
  const untouched = withdrawals.filter(
    ({ id, channel }) => consents.find((one) => one.channel === channel)?.id === id,
  );
  const given = untouched.map(({ channel }) => ({ id: uuidv7(), channel }));
  await record(tx, targetId, author, given, 'given');
}

/** Newest first. */
const consentsOf = ({ db, hospital }: HospitalTransaction, patientId: string): Promise<PatientConsent[]> =>
  db.find(PatientConsent, { where: { hospitalId: hospital.id, patientId }, order: { ordinal: 'DESC' } });

async function record(
  { db, hospital, today, now }: HospitalTransaction,
  patientId: string,
  author: string,
  rows: Withdrawals,
  decision: PatientConsent['decision'],
): Promise<void> {
  if (rows.length === 0) return;
  await db.insert(
    PatientConsent,
    rows.map(({ id, channel }) => ({
      ...{ id, channel, decision, author, patientId, hospitalId: hospital.id },
      ...{ decidedOn: today, note: null, recordedAt: now },
      awaitingRelaySince: channel === 'webhook' && decision === 'given' ? now : null,
    })),
  );
}
