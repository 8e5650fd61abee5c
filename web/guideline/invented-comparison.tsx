import { useMutation, useQuery } from '@tanstack/react-query';
import { Failure } from '../calls/failure.js';
import { compareInvented, eventTypesQuery } from '../calls/guidelines.js';
import { Refused } from '../calls/problem.js';
import { useToday } from '../calls/me.js';
import { Busy } from '../parts/busy.js';
import { useLanguage } from '../words/language.js';
import { useWords } from '../words/use-words.js';
import { compareWords } from './compare-words.js';
import { ComparedPlans } from './compared-plans.js';
import { useDraft } from './draft.js';
import { firstPatient, inventedOf, type TypedPatient } from './invented.js';
import { InventedForm } from './invented-form.js';

/** An invented patient under several guidelines. The first of them decides which events there are. */
export function InventedComparison({ guidelines }: { readonly guidelines: readonly string[] }) {
  const words = useWords(compareWords);
  const language = useLanguage();
  const today = useToday();
  const { data: types, error, refetch } = useQuery(eventTypesQuery(guidelines[0]));
  const [typed, setTyped] = useDraft<TypedPatient | undefined>('invented', () => undefined);
  const computing = useMutation({ mutationFn: compareInvented });
  if (!types)
    return error ? <Failure error={error} onRetry={() => void refetch()} /> : <Busy text={words.loading} />;
  const patient = typed ?? firstPatient(types.items, today);
  const invented = inventedOf(patient, types.items, guidelines);
  const asked = JSON.stringify([invented, language]);
  return (
    <>
      <InventedForm
        types={types.items}
        {...{ patient, error: computing.error }}
        busy={computing.isPending}
        onPatient={setTyped}
        onCompute={() => computing.mutate(invented)}
      />
      {!isAtFields(computing.error) && <Failure error={computing.error} />}
      {computing.data && JSON.stringify([computing.variables, language]) !== asked && (
        <p className="quiet" role="status">
          {words.stale}
        </p>
      )}
      {computing.data && <ComparedPlans comparison={computing.data} />}
    </>
  );
}

/** Whether the form shows each of these errors at its field. */
const isAtFields = (error: unknown): boolean =>
  error instanceof Refused &&
  (error.problem.errors ?? []).length > 0 &&
  (error.problem.errors ?? []).every(({ pointer }) =>
    /^\/(birthDate|diagnosisDate|events\/\d+\/\w+)$/.test(pointer),
  );
