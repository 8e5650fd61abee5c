import { useQuery } from '@tanstack/react-query';
import { Suspense, useState } from 'react';
import { Failure } from '../calls/failure.js';
import { type Relative, relativesQuery, removeRelative } from '../calls/visits.js';
import { Button } from '../parts/button.js';
import { onDemand } from '../routing/on-demand.js';
import { useWords } from '../words/use-words.js';
import { Phones } from './phone-links.js';
import { useSaving } from '../acts/saving.js';
import { visitWords } from './visit-words.js';

const RelativeDialog = onDemand(() => import('./relative-dialog.js'));

/** The people through whom the patient can be reached, in the order of calling. */
export function RelativeList({ patientId }: { readonly patientId: string }) {
  const words = useWords(visitWords);
  const { data, error, refetch } = useQuery(relativesQuery(patientId));
  const [edited, setEdited] = useState<Relative | 'new'>();
  const removing = useSaving(patientId, {
    send: (id: string) => removeRelative(patientId, id),
    textOf: () => words.removedRelative,
  });
  return (
    <section>
      <div className="section-head">
        <h2>{words.relatives}</h2>
        <Button onClick={() => setEdited('new')}>{words.addRelative}</Button>
      </div>
      <Failure error={error ?? removing.error} onRetry={() => void refetch()} />
      {data?.items.length === 0 && <p className="quiet">{words.noRelatives}</p>}
      <ul className="record-list">
        {data?.items.map((relative) => (
          <li key={relative.id}>
            <span className="record-day">{words.relations[relative.relation]}</span>
            <span className="record-what">
              <strong>{relative.name}</strong> {relative.phone !== null && <Phones text={relative.phone} />}{' '}
              {relative.note}
            </span>
            <span className="record-acts">
              <Button
                kind="quiet"
                aria-label={`${words.editRelative} ${relative.name}`}
                onClick={() => setEdited(relative)}
              >
                {words.editRelative}
              </Button>
              <Button
                kind="quiet"
                aria-label={`${words.removeRelative} ${relative.name}`}
                busy={removing.isPending}
                onClick={() => removing.mutate(relative.id)}
              >
                {words.removeRelative}
              </Button>
            </span>
          </li>
        ))}
      </ul>
      <Suspense>
        {edited && (
          <RelativeDialog
            patientId={patientId}
            relative={edited === 'new' ? undefined : edited}
            onClose={() => setEdited(undefined)}
          />
        )}
      </Suspense>
    </section>
  );
}
