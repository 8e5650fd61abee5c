import type { UpgradeReport } from './upgrade-run.js';

/** A call waits for a connection, for its turn and for its audit entry, each with a limit of its own. */
const ANSWERED_WITHIN_S = 45;

/** The violations of a rolling upgrade; none: nothing was refused, lost or sent twice. */
export function upgradeViolations(report: UpgradeReport): string[] {
  const { stream, sideBySide, lost, twice, due, reminders, messages, doubled, notDelivered } = report;
  const slowestSeconds = report.slowest[0]?.seconds ?? 0;
  return [
    ...Object.entries(report.wrong).map(([answer, count]) => `${count} times ${answer}`),
    ...stream.refusedCalls.map((answer) => `a call was answered ${answer}`),
    ...stream.broken.map((reason) => `the live stream: ${reason}`),
    ...report.pages.missing.map((answer) => `the pages: ${answer}`),
    ...report.errors.map((line) => `logged: ${line}`),
    ...[
      { text: `HAProxy answered ${report.serverErrors} times with a 5xx`, is: report.serverErrors > 0 },
      { text: 'no fact was recorded', is: report.facts === 0 },
      { text: 'no contact was recorded', is: stream.contacts === 0 },
      { text: 'no reminder became due', is: due === 0 },
      { text: `${sideBySide.join(' and ')} calls side by side`, is: sideBySide.includes(0) },
      { text: `${lost} acknowledged facts lost`, is: lost > 0 },
      { text: `${twice} facts stored twice`, is: twice > 0 },
      { text: `${stream.unseen} contacts not seen on the live stream`, is: stream.unseen > 0 },
      { text: `${reminders} reminders of ${due} items that became due`, is: reminders !== due },
      { text: `${messages} messages about ${reminders} reminders`, is: messages !== reminders },
      { text: `${doubled} delivered twice after deduplication`, is: doubled > 0 },
      { text: `${notDelivered} taken but not recorded so`, is: notDelivered > 0 },
      { text: `a call took ${slowestSeconds} s`, is: slowestSeconds > ANSWERED_WITHIN_S },
      { text: `processes ended with ${report.ends.join(', ')}`, is: report.ends.some((code) => code !== 0) },
      { text: `doctor ended with ${report.doctor}`, is: report.doctor !== 0 },
    ].flatMap(({ text, is }) => (is ? [text] : [])),
  ];
}
