import { Button } from '../parts/button.js';
import { useWords } from '../words/use-words.js';
import type { Draft } from './draft.js';
import { importSession } from './import-session.js';
import { importingWords } from './importing-words.js';

/** Which file it is about, with the way to another one. */
export function ChosenFile({ draft: { file } }: { readonly draft: Draft }) {
  const words = useWords(importingWords);
  return (
    <p className="chosen-file">
      <span>{words.chosen(file?.name ?? '')}</span>
      <Button kind="quiet" onClick={() => importSession.startOver()}>
        {words.otherFile}
      </Button>
    </p>
  );
}
