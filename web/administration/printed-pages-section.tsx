import { useState } from 'react';
import { Failure } from '../calls/failure.js';
import type { WardSettings } from '../calls/ward-settings.js';
import { Busy } from '../parts/busy.js';
import { Button } from '../parts/button.js';
import { TextField } from '../parts/field.js';
import { SectionHead } from '../parts/section-page.js';
import { useWords } from '../words/use-words.js';
import { administrationWords } from './administration-words.js';
import { BothFields } from './both-fields.js';
import { type Both, bothOrNull, EMPTY, isHalf } from './both-languages.js';
import { textWords } from './text-words.js';
import { useWardSettings } from './use-ward-settings.js';

type Pages = WardSettings['pages'];
type Field = Exclude<keyof Pages, 'phone'>;

/** The texts in their order on the page, with the longest that the server takes. */
const FIELDS: readonly (readonly [Field, longest: number, rows: number])[] = [
  ['hospital', 100, 1],
  ['ward', 100, 1],
  ['hours', 100, 1],
  ['address', 200, 2],
  ['greeting', 1000, 4],
  ['closing', 1000, 4],
];

/** What cards and letters for patients say of the hospital. */
export default function PrintedPagesSection() {
  const frame = useWords(administrationWords);
  const words = useWords(textWords);
  const { settings, error, refetch, ...rest } = useWardSettings();
  return (
    <>
      <SectionHead title={frame['printed-pages']} intro={words.printedIntro} />
      <Failure error={error} onRetry={() => void refetch()} />
      {settings === undefined ? (
        !error && <Busy text={frame.loading} />
      ) : (
        <PagesForm pages={settings.pages} {...rest} />
      )}
    </>
  );
}

function PagesForm({
  pages,
  saving,
  mayChange,
}: { readonly pages: Pages } & Pick<ReturnType<typeof useWardSettings>, 'saving' | 'mayChange'>) {
  const frame = useWords(administrationWords);
  const words = useWords(textWords);
  const [phone, setPhone] = useState(pages.phone ?? '');
  const [texts, setTexts] = useState<Readonly<Partial<Record<Field, Both>>>>(() =>
    Object.fromEntries(FIELDS.map(([field]) => [field, pages[field] ?? EMPTY])),
  );
  const isIncomplete = Object.values(texts).some(isHalf);
  const save = (): void => {
    const both = Object.fromEntries(FIELDS.map(([field]) => [field, bothOrNull(texts[field] ?? EMPTY)]));
    saving.mutate({ pages: { ...pages, ...both, phone: phone.trim() === '' ? null : phone.trim() } });
  };
  return (
    <div className="section-part fields">
      <TextField
        label={words.pagePhone}
        type="tel"
        maxLength={60}
        disabled={!mayChange}
        value={phone}
        onValue={setPhone}
      />
      {FIELDS.map(([field, longest, rows]) => (
        <BothFields
          key={field}
          label={words.pages[field]}
          longest={longest}
          rows={rows}
          isDisabled={!mayChange}
          value={texts[field] ?? EMPTY}
          onValue={(value) => setTexts({ ...texts, [field]: value })}
        />
      ))}
      <Failure error={saving.error} />
      {mayChange && (
        <div className="form-actions">
          <Button kind="main" busy={saving.isPending} disabled={isIncomplete} onClick={save}>
            {frame.save}
          </Button>
          {isIncomplete && <span className="quiet">{words.bothOrNone}</span>}
        </div>
      )}
    </div>
  );
}
