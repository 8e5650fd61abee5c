import { useQuery } from '@tanstack/react-query';
import { Failure } from '../calls/failure.js';
import { useMe } from '../calls/me.js';
import {
  reportFile,
  reportPage,
  reportsQuery,
  type ReportSummary,
  verificationQuery,
} from '../calls/statistics.js';
import { Busy } from '../parts/busy.js';
import { Button } from '../parts/button.js';
import { Chip } from '../parts/chip.js';
import { EmptyState } from '../parts/empty-state.js';
import { instantText } from '../words/dates.js';
import { useLanguage } from '../words/language.js';
import { useWords } from '../words/use-words.js';
import { ReportForm } from './report-form.js';
import { statisticsWords } from './statistics-words.js';
import './reports-view.css';

const MAKERS = ['head_nurse', 'clinician', 'hospital_admin'];

/** Reports for inspections: made once, never changed, and verified against the audit chain. */
export default function ReportsView() {
  const words = useWords(statisticsWords);
  const { roles } = useMe();
  const { data, error, refetch } = useQuery(reportsQuery);
  return (
    <div className="statistics-body reports-view">
      <p>{words.reportAbout}</p>
      {roles.some((role) => MAKERS.includes(role)) && <ReportForm />}
      <section>
        <h2>{words.reports}</h2>
        <Failure error={error} onRetry={() => void refetch()} />
        {!data && error === null && <Busy text={words.loading} />}
        {data?.items.length === 0 && (
          <EmptyState title={words.noReports}>
            <p>{words.noReportsHelp}</p>
          </EmptyState>
        )}
        {data && data.items.length > 0 && <Reports reports={data.items} />}
      </section>
    </div>
  );
}

function Reports({ reports }: { readonly reports: readonly ReportSummary[] }) {
  const words = useWords(statisticsWords);
  return (
    <div className="reports-scroller" tabIndex={0} role="group" aria-label={words.reports}>
      <table className="reports" aria-label={words.reports}>
        <thead>
          <tr>
            {[words.month, words.department, words.author, words.at, words.digest, words.actions].map(
              (title) => (
                <th key={title} scope="col">
                  {title}
                </th>
              ),
            )}
          </tr>
        </thead>
        <tbody>
          {reports.map((report) => (
            <ReportRow key={report.id} report={report} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function ReportRow({
  report: { id, month, department, createdBy, createdAt, digest },
}: {
  readonly report: ReportSummary;
}) {
  const words = useWords(statisticsWords);
  const language = useLanguage();
  const { timeZone } = useMe().hospital;
  return (
    <tr>
      <th scope="row">{month}</th>
      <td>{department ?? words.wholeHospital}</td>
      <td>{createdBy}</td>
      <td>{instantText(createdAt, timeZone)}</td>
      <td>
        <code title={digest}>{digest.slice(0, 12)}…</code>
      </td>
      <td>
        <div className="report-actions">
          <a href={reportPage(id, language)} target="_blank" rel="noreferrer">
            {words.printPage}
          </a>
          <a href={reportFile(id, language)} download>
            {words.spreadsheet}
          </a>
          <Verify id={id} />
        </div>
      </td>
    </tr>
  );
}

/** Compares a report with the audit chain when it is asked for. */
function Verify({ id }: { readonly id: string }) {
  const words = useWords(statisticsWords);
  const { data, error, isFetching, refetch } = useQuery({ ...verificationQuery(id), enabled: false });
  const isUnsealed = data?.contentUnchanged === true && data.batch === null;
  return (
    <>
      <Button busy={isFetching} onClick={() => void refetch()}>
        {words.verify}
      </Button>
      <span role="status">
        {data?.verified === true && <Chip tone="done">{words.verified}</Chip>}
        {data?.verified === false && (
          <Chip tone={isUnsealed ? 'warning' : 'late'}>{isUnsealed ? words.unsealed : words.broken}</Chip>
        )}
      </span>
      <Failure error={error} />
    </>
  );
}
