import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useChange } from '../calls/change.js';
import { Failure } from '../calls/failure.js';
import { useInstant } from '../calls/instants.js';
import { useMe } from '../calls/me.js';
import { type Occasion, replaceTemplate, type Template, templatesQuery } from '../calls/messages.js';
import { errorOf } from '../calls/problem.js';
import { Busy } from '../parts/busy.js';
import { Button } from '../parts/button.js';
import { Chip } from '../parts/chip.js';
import { Choices } from '../parts/choices.js';
import { TextArea } from '../parts/field.js';
import { Notice } from '../parts/notice.js';
import { SectionHead } from '../parts/section-page.js';
import { useLanguage } from '../words/language.js';
import { useWords } from '../words/use-words.js';
import { administrationWords } from './administration-words.js';
import { partsOf, previewOf } from './message-preview.js';
import { textWords } from './text-words.js';
import './templates-section.css';

const LONGEST = 400;

/** The texts of messages to patients, each beside what a patient reads. */
export default function TemplatesSection() {
  const frame = useWords(administrationWords);
  const words = useWords(textWords);
  const reader = useLanguage();
  const { data, error, refetch } = useQuery(templatesQuery);
  const [occasion, setOccasion] = useState<Occasion>('appointment_tomorrow');
  const [language, setLanguage] = useState(reader);
  const template = data?.find((one) => one.occasion === occasion && one.lang === language);
  return (
    <>
      <SectionHead title={frame.templates} intro={words.templatesIntro} />
      <div className="section-part fields">
        <Notice title={words.rulesTitle}>
          <p>{words.rules}</p>
        </Notice>
        <Choices
          label={frame.templates}
          options={Object.entries(words.occasions).map(([value, text]) => ({ value, text }))}
          value={occasion}
          onValue={(value) => setOccasion(value as Occasion)}
        />
        <Choices
          label={words.language}
          options={[
            { value: 'zh', text: words.chinese },
            { value: 'en', text: words.english },
          ]}
          value={language}
          onValue={(value) => setLanguage(value === 'en' ? 'en' : 'zh')}
        />
        <Failure error={error} onRetry={() => void refetch()} />
        {data === undefined && !error && <Busy text={frame.loading} />}
        {template && <TemplateForm key={`${occasion} ${language}`} template={template} />}
      </div>
    </>
  );
}

function TemplateForm({ template }: { readonly template: Template }) {
  const frame = useWords(administrationWords);
  const words = useWords(textWords);
  const instant = useInstant();
  const mayChange = useMe().roles.some((role) => role === 'head_nurse' || role === 'hospital_admin');
  const [text, setText] = useState(template.text);
  const [relativeText, setRelativeText] = useState(template.relativeText);
  const { occasion, lang, isOwn, changedBy, changedAt } = template;
  const saving = useChange(() => replaceTemplate(occasion, lang, { text, relativeText }), {
    ...{ reads: [['message-templates']], done: frame.saved },
  });
  const isChanged = text !== template.text || relativeText !== template.relativeText;
  return (
    <>
      <p>
        <Chip tone={isOwn ? 'active' : 'plain'}>{isOwn ? words.own : words.standard}</Chip>{' '}
        {changedBy !== null && changedAt !== null && (
          <span className="quiet small">{words.changedBy(changedBy, instant(changedAt))}</span>
        )}
      </p>
      <TemplateField
        label={words.toPatient}
        placeholders={template.placeholders}
        value={text}
        error={errorOf(saving.error, 'text')}
        isDisabled={!mayChange}
        onValue={setText}
      />
      <TemplateField
        label={words.toRelative}
        placeholders={template.relativePlaceholders}
        value={relativeText}
        error={errorOf(saving.error, 'relativeText')}
        isDisabled={!mayChange}
        onValue={setRelativeText}
      />
      <Failure error={saving.error} />
      {mayChange && (
        <div className="form-actions">
          <Button
            kind="main"
            busy={saving.isPending}
            disabled={!isChanged}
            onClick={() => saving.mutate(undefined)}
          >
            {frame.save}
          </Button>
        </div>
      )}
    </>
  );
}

function TemplateField({
  label,
  placeholders,
  value,
  error,
  isDisabled,
  onValue,
}: {
  readonly label: string;
  readonly placeholders: readonly string[];
  readonly value: string;
  readonly error: string | undefined;
  readonly isDisabled: boolean;
  readonly onValue: (value: string) => void;
}) {
  const words = useWords(textWords);
  const shown = previewOf(value, words.samples);
  return (
    <div className="template-field">
      <TextArea
        label={label}
        help={words.placeholders(placeholders.map((name) => `{${name}}`).join(' '))}
        rows={4}
        required
        maxLength={LONGEST}
        disabled={isDisabled}
        value={value}
        error={error}
        onValue={onValue}
      />
      <figure className="template-preview">
        <figcaption className="quiet small">
          {words.preview} · {words.length(shown.length, partsOf(shown))}
        </figcaption>
        <p>{shown}</p>
      </figure>
    </div>
  );
}
