import { useMutation, useQueryClient } from '@tanstack/react-query';
import {
  guidelineQuery,
  type GuidelineSummary,
  nameOf,
  type StoredFile,
  storeGuideline,
} from '../calls/guidelines.js';
import { JsonFileForm } from '../calls/json-file-form.js';
import { SelectField } from '../parts/field.js';
import { Notice } from '../parts/notice.js';
import { useToasts } from '../parts/toasts.js';
import { useLanguage } from '../words/language.js';
import { useWords } from '../words/use-words.js';
import { useDraft } from './draft.js';
import { fileWords } from './file-words.js';

/** A protocol as text: chosen as a file, or copied from a guideline, corrected here, and stored. */
export function FileEditor({ guidelines }: { readonly guidelines: readonly GuidelineSummary[] }) {
  const words = useWords(fileWords);
  const language = useLanguage();
  const queries = useQueryClient();
  const toasts = useToasts();
  const [content, setContent] = useDraft('protocol', () => '');
  const storing = useMutation({
    mutationFn: storeGuideline,
    onSuccess: (stored) => {
      toasts.show({ text: words.done(nameOf(stored)) });
      void queries.invalidateQueries({ queryKey: ['guidelines'] });
    },
  });
  const edit = (text: string): void => {
    storing.reset();
    setContent(text);
  };
  const copy = async (name: string): Promise<void> => {
    if (name === '') return;
    const guideline = await queries.query({ ...guidelineQuery(name), staleTime: 'static' });
    edit(`${JSON.stringify({ ...guideline, id: `own-${guideline.id}`, version: '1.0.0' }, null, 2)}\n`);
  };
  return (
    <section>
      <h2>{words.newVersion}</h2>
      <JsonFileForm
        label={words.content}
        content={content}
        error={storing.error}
        submitText={words.store}
        isSending={storing.isPending}
        sources={
          <SelectField
            label={words.startFrom}
            value=""
            options={[
              { value: '', text: words.startNothing },
              ...guidelines.map((one) => ({
                value: nameOf(one),
                text: `${one.title[language]} ${one.version}`,
              })),
            ]}
            onValue={(name) => void copy(name)}
          />
        }
        onContent={edit}
        onSubmit={(value) => storing.mutate(value)}
      />
      {storing.data && <StoredNotice stored={storing.data} />}
    </section>
  );
}

function StoredNotice({ stored }: { readonly stored: StoredFile }) {
  const words = useWords(fileWords);
  return (
    <Notice tone="done" title={words.done(nameOf(stored))}>
      {stored.noLongerAskedFor.length > 0 && <p>{words.noLonger(stored.noLongerAskedFor.join(', '))}</p>}
    </Notice>
  );
}
