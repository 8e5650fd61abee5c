import { useMutation } from '@tanstack/react-query';
import { useChange } from '../calls/change.js';
import { JsonFileForm } from '../calls/json-file-form.js';
import { checkMapping, mappingsKey, storeMapping } from '../calls/mappings.js';
import { Button } from '../parts/button.js';
import { Notice } from '../parts/notice.js';
import { useWords } from '../words/use-words.js';
import { mappingWords } from './mapping-words.js';

/** A mapping as text: chosen as a file or copied from a version, checked, tried, and stored. */
export function MappingEditor({
  content,
  onContent,
  onTry,
}: {
  readonly content: string;
  readonly onContent: (content: string) => void;
  readonly onTry: (file: unknown) => void;
}) {
  const words = useWords(mappingWords);
  const checking = useMutation({ mutationFn: checkMapping });
  const storing = useChange(storeMapping, {
    reads: [mappingsKey],
    done: ({ id, version }) => words.stored(`${id}@${version}`),
  });
  const forget = (): void => {
    checking.reset();
    storing.reset();
  };
  return (
    <>
      <JsonFileForm
        label={words.content}
        content={content}
        error={storing.error ?? checking.error}
        submitText={words.store}
        isSending={storing.isPending}
        onContent={(text) => {
          forget();
          onContent(text);
        }}
        onSubmit={(file) => {
          forget();
          storing.mutate(file);
        }}
        acts={(file) => (
          <>
            <Button
              busy={checking.isPending}
              onClick={() => {
                forget();
                checking.mutate(file);
              }}
            >
              {words.check}
            </Button>
            <Button onClick={() => onTry(file)}>{words.tryFile}</Button>
          </>
        )}
      />
      {checking.data && <Notice tone="done" title={words.checked} />}
      {storing.data && (
        <Notice tone="done" title={words.stored(`${storing.data.id}@${storing.data.version}`)} />
      )}
    </>
  );
}
