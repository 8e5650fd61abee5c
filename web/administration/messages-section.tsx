import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useChange } from '../calls/change.js';
import { Failure } from '../calls/failure.js';
import { useMe } from '../calls/me.js';
import {
  type MessageSettings,
  messageSettingsQuery,
  type Occasion,
  replaceMessageSettings,
} from '../calls/messages.js';
import { errorOf } from '../calls/problem.js';
import { Busy } from '../parts/busy.js';
import { Button } from '../parts/button.js';
import { CheckList } from '../parts/check-list.js';
import { Choices } from '../parts/choices.js';
import { TextField } from '../parts/field.js';
import { SectionHead, SectionPart } from '../parts/section-page.js';
import { useWords } from '../words/use-words.js';
import { administrationWords } from './administration-words.js';
import { GatewayPart } from './gateway-part.js';
import { NumberField } from './number-field.js';
import { textWords } from './text-words.js';

/** Whether, when and by whom messages go to patients. */
export default function MessagesSection() {
  const frame = useWords(administrationWords);
  const words = useWords(textWords);
  const { data, error, refetch } = useQuery({ ...messageSettingsQuery, refetchOnWindowFocus: false });
  const isAdministrator = useMe().roles.includes('hospital_admin');
  return (
    <>
      <SectionHead title={frame.messages} intro={words.messagesIntro} />
      <Failure error={error} onRetry={() => void refetch()} />
      {data === undefined && !error && <Busy text={frame.loading} />}
      {data && <SettingsPart stored={data} />}
      {isAdministrator && <GatewayPart />}
    </>
  );
}

function SettingsPart({ stored }: { readonly stored: MessageSettings }) {
  const frame = useWords(administrationWords);
  const words = useWords(textWords);
  const mayChange = useMe().roles.some((role) => role === 'head_nurse' || role === 'hospital_admin');
  const [settings, setSettings] = useState(stored);
  const saving = useChange(() => replaceMessageSettings(settings), {
    ...{ reads: [['message-settings']], done: frame.saved },
  });
  const change = (part: Partial<MessageSettings>): void => setSettings({ ...settings, ...part });
  const occasions = Object.entries(words.occasions) as [Occasion, string][];
  return (
    <SectionPart title={words.settings}>
      <form
        className="fields"
        onSubmit={(event) => {
          event.preventDefault();
          saving.mutate(undefined);
        }}
      >
        <fieldset className="fields" disabled={!mayChange}>
          <CheckList
            label={words.enabled}
            entries={[{ id: 'enabled', text: words.enabledHelp }]}
            chosen={settings.enabled ? ['enabled'] : []}
            onChosen={(chosen) => change({ enabled: chosen.length > 0 })}
          />
          <div className="fields-row">
            <Choices
              label={words.route}
              options={Object.entries(words.routes).map(([value, text]) => ({ value, text }))}
              value={settings.route}
              onValue={(route) => change({ route: route === 'webhook' ? 'webhook' : 'gateway' })}
            />
            <Choices
              label={words.channel}
              options={Object.entries(words.channels).map(([value, text]) => ({ value, text }))}
              value={settings.channel}
              onValue={(channel) => change({ channel: channel === 'wechat' ? 'wechat' : 'sms' })}
            />
          </div>
          <CheckList
            label={words.occasionsTitle}
            entries={occasions.map(([id, text]) => ({ id, text }))}
            chosen={occasions.filter(([id]) => settings.occasions[id]).map(([id]) => id)}
            onChosen={(chosen) =>
              change({
                occasions: Object.fromEntries(
                  occasions.map(([id]) => [id, chosen.includes(id)]),
                ) as MessageSettings['occasions'],
              })
            }
          />
          <LimitFields settings={settings} error={saving.error} onChange={change} />
        </fieldset>
        <Failure error={saving.error} />
        {mayChange && (
          <div className="form-actions">
            <Button kind="main" type="submit" busy={saving.isPending} disabled={settings === stored}>
              {frame.save}
            </Button>
          </div>
        )}
      </form>
    </SectionPart>
  );
}

/** When no message leaves, how many a patient gets, and the number that patients call. */
function LimitFields({
  settings,
  error,
  onChange,
}: {
  readonly settings: MessageSettings;
  readonly error: unknown;
  readonly onChange: (part: Partial<MessageSettings>) => void;
}) {
  const words = useWords(textWords);
  return (
    <>
      <div className="fields-row">
        <TextField
          label={`${words.quiet} · ${words.quietFrom}`}
          type="time"
          required
          value={settings.quietFrom}
          error={errorOf(error, 'quietFrom')}
          onValue={(quietFrom) => onChange({ quietFrom })}
        />
        <TextField
          label={`${words.quiet} · ${words.quietUntil}`}
          type="time"
          required
          value={settings.quietUntil}
          error={errorOf(error, 'quietUntil')}
          onValue={(quietUntil) => onChange({ quietUntil })}
        />
        <NumberField
          label={words.weeklyLimit}
          min={1}
          max={50}
          isDisabled={false}
          value={settings.weeklyLimit}
          onValue={(weeklyLimit) => onChange({ weeklyLimit })}
        />
      </div>
      <div className="fields-row">
        <TextField
          label={words.phone}
          help={words.phoneHelp}
          type="tel"
          maxLength={40}
          value={settings.phone ?? ''}
          error={errorOf(error, 'phone')}
          onValue={(phone) => onChange({ phone: phone === '' ? undefined : phone })}
        />
        <NumberField
          label={words.resultAfterHours}
          min={0}
          max={168}
          isDisabled={false}
          value={settings.resultAfterHours}
          onValue={(resultAfterHours) => onChange({ resultAfterHours })}
        />
      </div>
      <CheckList
        label={words.relatives}
        entries={[{ id: 'relatives', text: words.relativesHelp }]}
        chosen={settings.relatives ? ['relatives'] : []}
        onChosen={(chosen) => onChange({ relatives: chosen.length > 0 })}
      />
    </>
  );
}
