import { useQuery } from '@tanstack/react-query';
import { Failure } from '../calls/failure.js';
import { useInstant } from '../calls/instants.js';
import { type Status, statusQuery } from '../calls/systems.js';
import { Busy } from '../parts/busy.js';
import { DataTable } from '../parts/data-table.js';
import { Notice } from '../parts/notice.js';
import { SectionHead, SectionPart } from '../parts/section-page.js';
import { Link } from '../routing/link.js';
import { textOf } from '../words/dictionary.js';
import { useWords } from '../words/use-words.js';
import { StateChip } from './endpoint-state.js';
import { statusWords } from './status-words.js';
import { endpointAddress } from './systems-address.js';
import { systemsWords } from './systems-words.js';
import './status-section.css';

const SWEEP_LATE_MS = 120_000;

/** Queue, circuits, and the proof of the last night that nothing is missing. */
export default function StatusSection() {
  const frame = useWords(systemsWords);
  const words = useWords(statusWords);
  const instant = useInstant();
  const { data: status, error, refetch } = useQuery(statusQuery);
  return (
    <>
      <SectionHead title={frame.status} intro={words.statusIntro}>
        {status && <span className="quiet">{words.asOf(instant(status.asOf))}</span>}
      </SectionHead>
      <Failure error={error} onRetry={() => void refetch()} />
      {status === undefined ? (
        !error && <Busy text={frame.loading} />
      ) : (
        <>
          <Attention status={status} />
          <Queue status={status} />
          {status.endpoints.length > 0 && <Circuits endpoints={status.endpoints} />}
          <Audit examination={status.examination} />
        </>
      )}
    </>
  );
}

/** What a person has to do something about. */
function Attention({ status }: { readonly status: Status }) {
  const words = useWords(statusWords);
  const instant = useInstant();
  const { sweptAt, asOf, patientMessages } = status;
  const isSweepLate = sweptAt === null || Date.parse(asOf) - Date.parse(sweptAt) > SWEEP_LATE_MS;
  const { uncertain, gatewayPausedUntil } = patientMessages;
  const points = [
    ...(isSweepLate ? [{ text: words.sweptLate }] : []),
    ...(gatewayPausedUntil === null ? [] : [{ text: words.gatewayPaused(instant(gatewayPausedUntil)) }]),
    ...(uncertain === 0
      ? []
      : [{ text: `${words.uncertain} ${uncertain}`, to: '/administration/uncertain-messages' }]),
    ...(status.inbox.open === 0 ? [] : [{ text: words.inboxOpen(status.inbox.open), to: '/systems/inbox' }]),
    ...(status.hl7Messages.refused === 0
      ? []
      : [
          {
            text: words.hl7Refused(status.hl7Messages.refused),
            to: '/systems/messages?outcome=refused',
          },
        ]),
    ...(status.unownedPatients === 0 ? [] : [{ text: words.unowned(status.unownedPatients) }]),
    ...(status.calendarYearMissing === null
      ? []
      : [{ text: words.calendarMissing(status.calendarYearMissing), to: '/administration/work-calendar' }]),
    ...(status.administratorKeys.length === 0
      ? []
      : [{ text: words.administratorKeys(status.administratorKeys.length), to: '/administration/api-keys' }]),
  ];
  return (
    <SectionPart title={words.attention}>
      {points.length === 0 ? (
        <Notice tone="done" title={words.nothingToDo} />
      ) : (
        <Notice tone="warning">
          <ul>
            {points.map(({ text, to }: { readonly text: string; readonly to?: string }) => (
              <li key={text}>{to === undefined ? text : <Link to={to}>{text}</Link>}</li>
            ))}
          </ul>
        </Notice>
      )}
    </SectionPart>
  );
}

function Queue({ status }: { readonly status: Status }) {
  const words = useWords(statusWords);
  const instant = useInstant();
  const { deliveries, events, sweptAt, patientMessages, hl7Messages } = status;
  const figures: readonly (readonly [string, string | number])[] = [
    [words.pending, deliveries.pending],
    [words.dueNow, deliveries.due],
    [words.oldest, words.seconds(deliveries.oldestDueSeconds)],
    [words.eventsWaiting, events.waiting],
    [words.patientMessages, patientMessages.pending],
    [words.hl7Messages, hl7Messages.applied + hl7Messages.noted + hl7Messages.refused],
    [words.swept, sweptAt === null ? '–' : instant(sweptAt)],
  ];
  return (
    <SectionPart title={words.queue}>
      <dl className="status-figures">
        {figures.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </SectionPart>
  );
}

function Circuits({ endpoints }: { readonly endpoints: Status['endpoints'] }) {
  const frame = useWords(systemsWords);
  const words = useWords(statusWords);
  const instant = useInstant();
  return (
    <SectionPart title={words.breaker}>
      <DataTable
        label={words.breaker}
        head={[frame.address, frame.state, frame.waiting, frame.failedLately, frame.lastDelivered]}
      >
        {endpoints.map((endpoint) => (
          <tr key={endpoint.id}>
            <th scope="row">
              <Link to={endpointAddress(endpoint.id)}>{endpoint.url}</Link>
            </th>
            <td>
              <StateChip {...endpoint} />
            </td>
            <td>{endpoint.pending}</td>
            <td>{endpoint.failedLately}</td>
            <td>{endpoint.lastDeliveredAt === null ? frame.never : instant(endpoint.lastDeliveredAt)}</td>
          </tr>
        ))}
      </DataTable>
    </SectionPart>
  );
}

/** Checks with problems first, then the others in the order in which they are explained. */
const worstFirst = (
  violations: Readonly<Record<string, number>>,
  order: readonly string[],
): readonly (readonly [check: string, count: number])[] =>
  Object.entries(violations).sort(
    ([check, count], [other, otherCount]) =>
      otherCount - count || order.indexOf(check) - order.indexOf(other),
  );

function Audit({ examination }: { readonly examination: Status['examination'] }) {
  const words = useWords(statusWords);
  const instant = useInstant();
  if (examination === null)
    return (
      <SectionPart title={words.audit}>
        <Notice title={words.auditNone} />
      </SectionPart>
    );
  const { madeAt, violations } = examination;
  const faults = Object.values(violations).reduce((sum, count) => sum + count, 0);
  return (
    <SectionPart title={words.audit}>
      {faults === 0 ? (
        <Notice tone="done" title={words.auditClean(instant(madeAt))} />
      ) : (
        <Notice tone="late" title={words.auditFaults(instant(madeAt), faults)}>
          <p>{words.auditHelp}</p>
        </Notice>
      )}
      <DataTable label={words.audit} head={[words.check, words.count]}>
        {worstFirst(violations, Object.keys(words.checks)).map(([check, count]) => (
          <tr key={check} className={count === 0 ? 'is-muted' : undefined}>
            <td>{textOf(words.checks, check)}</td>
            <td>{count}</td>
          </tr>
        ))}
      </DataTable>
    </SectionPart>
  );
}
