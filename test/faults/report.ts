import type { FaultReport } from './fault-run.js';
import { IN_VAIN_AT_MOST } from './faulty-hospital.js';

// The sixth attempt of a message comes five hours after the fifth; no receiver here fails so often.
const BY_CLOCK_AT_MOST_S = 6 * 3600;

/** The result of the run, in a line. */
export function summary(of: string, deliveries: number, report: FaultReport): string {
  const { items, faults, repeats, repeatsAtMost, sequenceWhole, settledByClockSeconds, messages } = report;
  return (
    `${of}: ${items} of ${deliveries} reminders taken in ${report.seconds.toFixed(1)} s under ${faults} faults, ` +
    `the last ${report.settledSeconds.toFixed(1)} s after the last fault (and ${settledByClockSeconds} s by the clock); ` +
    `${repeats} repeated (bound ${repeatsAtMost}); sequence ${sequenceWhole ? 'whole' : 'WITH GAPS'}; ` +
    `${report.nurse.entries} deferrals, ${report.nurse.notReturned} not returned; messages to patients: ${messages.sent} sent, ` +
    `${messages.cancelled} cancelled, ${messages.lost} lost, ${messages.doubled} doubled, ${messages.afterWithdrawal} after a withdrawal ` +
    `(${messages.requests} requests, ${messages.settled} settled by a person, ${messages.repeated} of them repeated)`
  );
}

/** The violations; none: the run passed. */
export function violations(deliveries: number, settledAtMost: number, report: FaultReport): string[] {
  const { taken, items, notDelivered, repeats, repeatsAtMost, sequenceWhole, settledSeconds, ended } = report;
  const { settledByClockSeconds: byClock, sentInVain, nurse, messages } = report;
  return [
    { text: `${deliveries - items} reminders lost`, is: items !== deliveries },
    { text: `${taken - items} delivered twice after deduplication`, is: taken !== items },
    { text: `${notDelivered} taken but not recorded so`, is: notDelivered > 0 },
    { text: `${repeats} repeats, more than ${repeatsAtMost}`, is: repeats > repeatsAtMost },
    {
      text: `${sentInVain} sent on while nothing could be recorded, more than ${IN_VAIN_AT_MOST}`,
      is: sentInVain > IN_VAIN_AT_MOST,
    },
    { text: 'sequence numbers with gaps', is: !sequenceWhole },
    {
      text: `${settledSeconds} s after the last fault, more than ${settledAtMost}`,
      is: settledSeconds > settledAtMost,
    },
    { text: `the clock had to go on by ${byClock} s`, is: byClock > BY_CLOCK_AT_MOST_S },
    { text: `${ended} programs ended by themselves`, is: ended > 0 },
    { text: `${nurse.lost} steps or handovers lost`, is: nurse.lost > 0 },
    { text: `${nurse.doubled} steps or handovers recorded twice`, is: nurse.doubled > 0 },
    { text: `${nurse.notReturned} deferred items have not returned`, is: nurse.notReturned > 0 },
    { text: `${messages.lost} messages to patients lost`, is: messages.lost > 0 },
    { text: `${messages.doubled} messages to patients sent twice`, is: messages.doubled > 0 },
    { text: `${messages.afterWithdrawal} sent after a withdrawal`, is: messages.afterWithdrawal > 0 },
    { text: 'no message to a patient was cancelled or sent', is: messages.sent * messages.cancelled === 0 },
    { text: 'patients stay with the stand-in after the last day', is: nurse.standIns > 0 },
    {
      text: `workers stopped with ${report.stopped.join(', ')}`,
      is: report.stopped.some((code) => code !== 0),
    },
  ].flatMap(({ text, is }) => (is ? [text] : []));
}
