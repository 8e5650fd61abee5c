import { useQuery } from '@tanstack/react-query';
import { Failure } from '../calls/failure.js';
import { guidelineQuery, type Guideline } from '../calls/guidelines.js';
import { examplesQuery, type RolloutExamples } from '../calls/policy.js';
import { Chip } from '../parts/chip.js';
import { addDays, NEVER } from '../words/dates.js';
import { Busy } from '../parts/busy.js';
import { Link } from '../routing/link.js';
import { useWords } from '../words/use-words.js';
import { useRuleText } from './names.js';
import { policyWords } from './policy-words.js';

type Example = RolloutExamples['items'][number];
type Window = NonNullable<Example['changes'][number]['before']>;

/** What a change does to single patients. */
export function RolloutExamplesView({ id, guideline }: { readonly id: string; readonly guideline: string }) {
  const words = useWords(policyWords);
  const { data, error, refetch } = useQuery(examplesQuery(id));
  const { data: text } = useQuery(guidelineQuery(guideline));
  if (!data || !text)
    return error ? <Failure error={error} onRetry={() => void refetch()} /> : <Busy text={words.loading} />;
  return (
    <section>
      <h3>
        {words.examples} <span className="quiet small">{words.examplesFrom(data.patientsPlanned)}</span>
      </h3>
      {data.items.length === 0 && <p className="quiet">{words.noExamples}</p>}
      {data.items.map((example) => (
        <ExampleView key={example.patient.id} example={example} guideline={text} />
      ))}
    </section>
  );
}

function ExampleView({
  example: { patient, count, changes },
  guideline,
}: {
  readonly example: Example;
  readonly guideline: Guideline;
}) {
  const words = useWords(policyWords);
  const text = useRuleText(guideline);
  const windowOf = ({ earliest, overdue }: Window): string =>
    words.window(earliest, overdue === NEVER ? words.neverLate : addDays(overdue, -1));
  return (
    <details className="rollout-example">
      <summary>{words.ofPatient(patient.mrn, count)}</summary>
      <p className="small">
        <Link to={`/patients/${patient.id}`}>{patient.mrn}</Link>
      </p>
      <ul>
        {changes.map(({ change, rule, activity, before, after }) => (
          <li key={`${rule} ${before?.due ?? ''} ${after?.due ?? ''}`}>
            <span>{text.activityName(activity)}</span>
            {before && after && before.due === after.due ? (
              <span>{words.otherWindow(before.due, windowOf(before), windowOf(after))}</span>
            ) : (
              <span>{words.fromTo(before?.due ?? words.none, after?.due ?? words.none)}</span>
            )}
            <Chip>{words.change[change]}</Chip>
          </li>
        ))}
      </ul>
    </details>
  );
}
