import type { RestoreReport } from './cell-restore.js';
import type { FailoverReport } from './failover-run.js';

const SERVED_AFTER_AT_MOST_S = 60;
/** A request waits for a connection, for its turn and for its audit entry, each with a limit of its own. */
const ANSWERED_WITHIN_S = 45;

/** The violations of a failover run and of the restore after it; none: both passed. */
export function failoverViolations(report: FailoverReport, restored: RestoreReport): string[] {
  const { outages, lost, unasked, doubled, messages, reminders, notDelivered, slowestSeconds, ended } =
    report;
  const late = outages.filter(({ servedAfterSeconds }) => servedAfterSeconds > SERVED_AFTER_AT_MOST_S);
  const [before, after, now] = restored.rows;
  return [
    ...late.map(({ kill, servedAfterSeconds }) => `${servedAfterSeconds} s until served again: ${kill}`),
    ...Object.entries(report.wrong).map(([answer, count]) => `${count} answers ${answer}`),
    ...[
      { text: `${lost} acknowledged facts lost`, is: lost > 0 },
      { text: `${unasked} facts stored twice or not acknowledged`, is: unasked > 0 },
      { text: 'no fact was recorded', is: report.facts === 0 },
      { text: `${messages} messages about ${reminders} reminders`, is: messages !== reminders },
      { text: `${doubled} delivered twice after deduplication`, is: doubled > 0 },
      { text: `${notDelivered} taken but not recorded so`, is: notDelivered > 0 },
      { text: 'no heavy read was done at a standby', is: !(report.heavyReads.standby > 0) },
      { text: `a request took ${slowestSeconds} s`, is: slowestSeconds > ANSWERED_WITHIN_S },
      { text: `${ended} programs ended by themselves`, is: ended > 0 },
      {
        text: `restored ${now?.join(' and ')} of ${before?.join(' and ')} rows`,
        is: now?.join() !== before?.join(),
      },
      { text: 'the mistaken delete deleted nothing', is: after?.join() !== '0,0' },
      { text: `doctor ended with ${restored.doctor}`, is: restored.doctor !== '0' },
      { text: `audit verify ended with ${restored.auditVerify}`, is: restored.auditVerify !== '0' },
      { text: 'the restored audit trail lacked nothing', is: !restored.resealed },
      { text: 'the program on the restored cell is not ready', is: !restored.isReady },
    ].flatMap(({ text, is }) => (is ? [text] : [])),
  ];
}
