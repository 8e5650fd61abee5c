import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useChange } from '../calls/change.js';
import { Failure } from '../calls/failure.js';
import { useInstant } from '../calls/instants.js';
import { type Gateway, gatewayQuery, replaceGateway } from '../calls/messages.js';
import { errorOf, Refused } from '../calls/problem.js';
import { Busy } from '../parts/busy.js';
import { Button } from '../parts/button.js';
import { CheckList } from '../parts/check-list.js';
import { Choices } from '../parts/choices.js';
import { TextArea, TextField } from '../parts/field.js';
import { Notice } from '../parts/notice.js';
import { SectionPart } from '../parts/section-page.js';
import { useWords } from '../words/use-words.js';
import { administrationWords } from './administration-words.js';
import { formOf, type GatewayForm, gatewayOf, NEW_GATEWAY } from './gateway-form.js';
import { NumberField } from './number-field.js';
import { textWords } from './text-words.js';

/** The SMS gateway of the hospital: one HTTP request for each message. */
export function GatewayPart() {
  const frame = useWords(administrationWords);
  const words = useWords(textWords);
  const { data, error } = useQuery({ ...gatewayQuery, refetchOnWindowFocus: false });
  const isNone = error instanceof Refused && error.problem.status === 404;
  return (
    <SectionPart title={words.gateway}>
      {isNone ? <Notice title={words.gatewayNone} /> : <Failure error={error} />}
      {data === undefined && !error && <Busy text={frame.loading} />}
      {(data !== undefined || isNone) && <GatewayFields key={data?.changedAt} stored={data} />}
    </SectionPart>
  );
}

function GatewayFields({ stored }: { readonly stored: Gateway | undefined }) {
  const words = useWords(textWords);
  const frame = useWords(administrationWords);
  const instant = useInstant();
  const [form, setForm] = useState<GatewayForm>(() => (stored ? formOf(stored) : NEW_GATEWAY));
  const saving = useChange(() => replaceGateway(gatewayOf(form)), {
    ...{ reads: [['message-gateway'], ['systems']], done: frame.saved },
  });
  const change = (part: Partial<GatewayForm>): void => setForm({ ...form, ...part });
  const errorFor = (field: string): string | undefined => errorOf(saving.error, field);
  return (
    <form
      className="fields"
      onSubmit={(event) => {
        event.preventDefault();
        saving.mutate(undefined);
      }}
    >
      {stored?.pausedUntil != null && (
        <Notice tone="warning" title={words.pausedUntil(instant(stored.pausedUntil))}>
          <p>{words.waiting(stored.waiting)}</p>
        </Notice>
      )}
      <TextField
        label={words.gatewayUrl}
        help={words.gatewayUrlHelp}
        type="url"
        required
        placeholder={stored?.url ?? 'https://sms.example/send'}
        value={form.url}
        error={errorFor('url')}
        onValue={(url) => change({ url })}
      />
      <Choices
        label={words.method}
        options={['POST', 'GET'].map((method) => ({ value: method, text: method }))}
        value={form.method}
        onValue={(method) => change({ method: method === 'GET' ? 'GET' : 'POST' })}
      />
      <TextArea
        label={words.headers}
        help={`${words.headersHelp} ${stored ? words.headersStored(stored.headers.join(', ')) : ''}`}
        value={form.headers}
        error={errorFor('headers')}
        onValue={(headers) => change({ headers })}
      />
      {form.method === 'POST' && (
        <>
          <Choices
            label={words.bodyFormat}
            options={[
              { value: 'json', text: 'JSON' },
              { value: 'form', text: 'form' },
            ]}
            value={form.bodyFormat}
            onValue={(format) => change({ bodyFormat: format === 'form' ? 'form' : 'json' })}
          />
          <TextArea
            label={words.body}
            help={words.bodyHelp}
            rows={3}
            value={form.body}
            error={errorFor('body')}
            onValue={(body) => change({ body })}
          />
        </>
      )}
      <NumberField
        label={words.perMinute}
        min={1}
        max={6000}
        isDisabled={false}
        value={form.perMinute}
        onValue={(perMinute) => change({ perMinute })}
      />
      <AnswerFields form={form} onChange={change} />
      <Failure error={saving.error} />
      <div className="form-actions">
        <Button kind="main" type="submit" busy={saving.isPending}>
          {words.saveGateway}
        </Button>
      </div>
    </form>
  );
}

/** How the answers of a vendor are read; most gateways need none of it. */
function AnswerFields({
  form,
  onChange,
}: {
  readonly form: GatewayForm;
  readonly onChange: (part: Partial<GatewayForm>) => void;
}) {
  const words = useWords(textWords);
  const text = (field: 'successPath' | 'successValues' | 'codePath' | 'errorPath' | 'referencePath') => (
    <TextField label={words[field]} value={form[field]} onValue={(value) => onChange({ [field]: value })} />
  );
  const codes = (field: 'throttled' | 'final' | 'unclear' | 'repeated') => (
    <TextArea label={words[field]} value={form[field]} onValue={(value) => onChange({ [field]: value })} />
  );
  return (
    <details>
      <summary>{words.advanced}</summary>
      <div className="fields">
        <div className="fields-row">
          {text('successPath')}
          {text('successValues')}
        </div>
        <div className="fields-row">
          {text('codePath')}
          {text('errorPath')}
          {text('referencePath')}
        </div>
        {codes('throttled')}
        {codes('final')}
        {codes('unclear')}
        <CheckList
          label={words.deduplicates}
          entries={[{ id: 'deduplicates', text: words.deduplicatesHelp }]}
          chosen={form.deduplicates ? ['deduplicates'] : []}
          onChosen={(chosen) => onChange({ deduplicates: chosen.length > 0 })}
        />
        {codes('repeated')}
        <fieldset>
          <legend className="field-legend">{words.vendorTemplates}</legend>
          <div className="fields-row">
            {Object.entries(words.occasions).map(([occasion, title]) => (
              <TextField
                key={occasion}
                label={title}
                maxLength={100}
                value={form.templates[occasion as keyof typeof form.templates] ?? ''}
                onValue={(code) => onChange({ templates: { ...form.templates, [occasion]: code } })}
              />
            ))}
          </div>
        </fieldset>
      </div>
    </details>
  );
}
