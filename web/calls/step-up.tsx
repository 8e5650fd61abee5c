import { lazy, Suspense, useEffect, useState } from 'react';
import { askForProofBy } from './fresh-proof.js';

const StepUpDialog = lazy(() => import('./step-up-dialog.js'));

interface Question {
  readonly answer: (isProven: boolean) => void;
}

/** Asks who is there when a call changes access rights. `call` then repeats it. */
export function StepUp() {
  const [question, setQuestion] = useState<Question>();
  useEffect(() => askForProofBy(() => new Promise((answer) => setQuestion({ answer }))), []);
  if (!question) return null;
  return (
    <Suspense>
      <StepUpDialog
        onEnd={(isProven) => {
          setQuestion(undefined);
          question.answer(isProven);
        }}
      />
    </Suspense>
  );
}
