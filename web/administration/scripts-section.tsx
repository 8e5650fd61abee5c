import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Failure } from '../calls/failure.js';
import type { WardSettings } from '../calls/ward-settings.js';
import { activitiesQuery } from '../calls/ward.js';
import { Busy } from '../parts/busy.js';
import { Button } from '../parts/button.js';
import { SectionHead, SectionPart } from '../parts/section-page.js';
import { useLanguage } from '../words/language.js';
import { useWords } from '../words/use-words.js';
import { administrationWords } from './administration-words.js';
import { BothFields } from './both-fields.js';
import { type Both, bothOrNull, EMPTY, isHalf } from './both-languages.js';
import { textWords } from './text-words.js';
import { useWardSettings } from './use-ward-settings.js';

type Calls = WardSettings['calls'];
type Texts = Readonly<Record<string, Both>>;

const SCRIPTS = ['first', 'second', 'third', 'relative', 'gentle'] as const;
const PLACEHOLDERS = '{patient} {caller} {hospital} {examinations} {relation}';
const LONGEST = 1000;

/** What nurses say on the telephone, and how patients prepare. */
export default function ScriptsSection() {
  const frame = useWords(administrationWords);
  const words = useWords(textWords);
  const { settings, error, refetch, ...rest } = useWardSettings();
  return (
    <>
      <SectionHead title={frame.scripts} intro={words.scriptsIntro} />
      <Failure error={error} onRetry={() => void refetch()} />
      {settings === undefined ? (
        !error && <Busy text={frame.loading} />
      ) : (
        <ScriptsForm calls={settings.calls} {...rest} />
      )}
    </>
  );
}

/** The texts that are filled in, by name. */
function filledIn(texts: Texts): Record<string, Both> {
  const entries = Object.entries(texts).map(([name, text]) => [name, bothOrNull(text)] as const);
  return Object.fromEntries(entries.filter((entry): entry is [string, Both] => entry[1] !== null));
}

function ScriptsForm({
  calls,
  saving,
  mayChange,
}: { readonly calls: Calls } & Pick<ReturnType<typeof useWardSettings>, 'saving' | 'mayChange'>) {
  const frame = useWords(administrationWords);
  const words = useWords(textWords);
  const language = useLanguage();
  const activities = useQuery(activitiesQuery).data?.items ?? [];
  const [scripts, setScripts] = useState<Texts>(calls.scripts);
  const [preparation, setPreparation] = useState<Texts>(calls.preparation);
  const isIncomplete = [...Object.values(scripts), ...Object.values(preparation)].some(isHalf);
  return (
    <>
      <SectionPart title={frame.scripts}>
        <div className="fields">
          <p className="quiet small">{words.placeholders(PLACEHOLDERS)}</p>
          {SCRIPTS.map((name) => (
            <BothFields
              key={name}
              label={words.scripts[name]}
              longest={LONGEST}
              isDisabled={!mayChange}
              value={scripts[name] ?? EMPTY}
              onValue={(value) => setScripts({ ...scripts, [name]: value })}
            />
          ))}
        </div>
      </SectionPart>
      <SectionPart title={words.preparation}>
        <div className="fields">
          {activities.map(({ code, title }) => (
            <BothFields
              key={code}
              label={title[language]}
              longest={LONGEST}
              isDisabled={!mayChange}
              value={preparation[code] ?? EMPTY}
              onValue={(value) => setPreparation({ ...preparation, [code]: value })}
            />
          ))}
        </div>
      </SectionPart>
      <Failure error={saving.error} />
      {mayChange && (
        <div className="form-actions">
          <Button
            kind="main"
            busy={saving.isPending}
            disabled={isIncomplete}
            onClick={() =>
              saving.mutate({
                calls: { ...calls, scripts: filledIn(scripts), preparation: filledIn(preparation) },
              })
            }
          >
            {frame.save}
          </Button>
          {isIncomplete && <span className="quiet">{words.bothOrNone}</span>}
        </div>
      )}
    </>
  );
}
