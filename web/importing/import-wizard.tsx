import { useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useEffect } from 'react';
import { useWords } from '../words/use-words.js';
import { CheckStep } from './check-step.js';
import { ColumnsStep } from './columns-step.js';
import { DoneStep } from './done-step.js';
import type { Draft, Step } from './draft.js';
import { FileStep } from './file-step.js';
import { importSession, useDraft } from './import-session.js';
import { importingWords } from './importing-words.js';
import { RunningImport } from './running-import.js';
import './import-wizard.css';

const STEPS: readonly Step[] = ['file', 'columns', 'check', 'done'];

/** A file on its way in: chosen, understood, checked, written. `children`: where to go once it is written. */
export function ImportWizard({ children }: { readonly children?: ReactNode }) {
  const draft = useDraft();
  const queries = useQueryClient();
  const isWritten = draft.report?.written === true;
  useEffect(() => {
    // What an import changes is read again by every page.
    if (isWritten) void queries.invalidateQueries();
  }, [isWritten, queries]);
  return (
    <div className="import-wizard">
      <StepBar draft={draft} />
      {draft.running ? (
        <RunningImport work={draft.running} />
      ) : (
        <PresentStep draft={draft}>{children}</PresentStep>
      )}
    </div>
  );
}

function PresentStep({ draft, children }: { readonly draft: Draft; readonly children: ReactNode }) {
  switch (draft.step) {
    case 'file':
      return <FileStep draft={draft} />;
    case 'columns':
      return <ColumnsStep draft={draft} />;
    case 'check':
      return draft.report ? <CheckStep draft={draft} report={draft.report} /> : <FileStep draft={draft} />;
    case 'done':
      return draft.report ? (
        <DoneStep report={draft.report}>{children}</DoneStep>
      ) : (
        <FileStep draft={draft} />
      );
  }
}

/** Where the import is, with the way back to what can be changed. */
function StepBar({ draft }: { readonly draft: Draft }) {
  const words = useWords(importingWords);
  const present = STEPS.indexOf(draft.running === 'import' ? 'done' : draft.step);
  const mayReturn = (step: Step): boolean =>
    !draft.running && draft.step !== 'done' && step === 'columns' && draft.sheets !== undefined;
  return (
    <ol className="step-bar" aria-label={words.stepsLabel}>
      {STEPS.map((step, at) => (
        <li
          key={step}
          className={at < present ? 'is-past' : undefined}
          aria-current={at === present ? 'step' : undefined}
        >
          <span className="step-number" aria-hidden="true">
            {at + 1}
          </span>
          {at < present && mayReturn(step) ? (
            <button type="button" className="step-link" onClick={() => importSession.show(step)}>
              {words.steps[step]}
            </button>
          ) : (
            words.steps[step]
          )}
        </li>
      ))}
    </ol>
  );
}
