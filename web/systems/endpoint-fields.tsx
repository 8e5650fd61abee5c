import { useQuery } from '@tanstack/react-query';
import { departmentsQuery } from '../calls/people.js';
import type { EventType } from '../calls/systems.js';
import { activitiesQuery } from '../calls/ward.js';
import { CheckList } from '../parts/check-list.js';
import { Choices } from '../parts/choices.js';
import { TextField } from '../parts/field.js';
import { useLanguage } from '../words/language.js';
import { useWords } from '../words/use-words.js';
import { eventTypeWords, SUBSCRIBABLE } from './event-type-words.js';
import { systemsWords } from './systems-words.js';

type Types = readonly (EventType | '*')[];

/** What an endpoint can be asked to send later, too. */
export interface EndpointSettings {
  readonly eventTypes: Types;
  readonly rateLimit: string;
  readonly heartbeat: string;
  readonly activities: readonly string[];
  readonly departments: readonly string[];
}

const ALL: Types = ['*'];
const REMINDERS: Types = ['surveillance.item.upcoming', 'surveillance.item.due', 'surveillance.item.overdue'];

export const NEW_SETTINGS: EndpointSettings = {
  ...{ eventTypes: REMINDERS, rateLimit: '', heartbeat: '', activities: [], departments: [] },
};

/** The settings in the form of the calls; an empty field is null. */
export const settingsOf = ({
  eventTypes,
  rateLimit,
  heartbeat,
  activities,
  departments,
}: EndpointSettings) => ({
  eventTypes: [...eventTypes],
  rateLimit: rateLimit === '' ? null : { perMinute: Number(rateLimit) },
  heartbeatMinutes: heartbeat === '' ? null : Number(heartbeat),
  filter:
    activities.length + departments.length === 0
      ? null
      : {
          ...(activities.length > 0 && { activities: [...activities] }),
          ...(departments.length > 0 && { departments: [...departments] }),
        },
});

/** The subscription and its limits. */
export function EndpointFields({
  settings,
  isRobot,
  onSettings,
}: {
  readonly settings: EndpointSettings;
  readonly isRobot: boolean;
  readonly onSettings: (settings: EndpointSettings) => void;
}) {
  const words = useWords(systemsWords);
  const language = useLanguage();
  const activities = useQuery(activitiesQuery).data?.items;
  const departments = useQuery(departmentsQuery).data;
  const change = (part: Partial<EndpointSettings>): void => onSettings({ ...settings, ...part });
  const chooseFrom = (
    field: 'activities' | 'departments',
    help: string,
    entries: readonly { readonly id: string; readonly text: string }[] | undefined,
  ) =>
    entries !== undefined &&
    entries.length > 0 && (
      <details open={settings[field].length > 0}>
        <summary>
          {words[field]} <span className="quiet small">{help}</span>
        </summary>
        <CheckList
          label={words[field]}
          entries={entries}
          chosen={settings[field]}
          onChosen={(chosen) => change({ [field]: chosen })}
        />
      </details>
    );
  return (
    <>
      <SubscriptionField value={settings.eventTypes} onValue={(eventTypes) => change({ eventTypes })} />
      {chooseFrom(
        'activities',
        words.activitiesHelp,
        activities?.map(({ code, title }) => ({ id: code, text: title[language] })),
      )}
      {chooseFrom(
        'departments',
        words.departmentsHelp,
        departments?.map(({ name }) => ({ id: name, text: name })),
      )}
      <div className="fields-row">
        <TextField
          label={words.rateLimit}
          help={words.emptyIsNone}
          type="number"
          min={1}
          max={6000}
          value={settings.rateLimit}
          onValue={(rateLimit) => change({ rateLimit })}
        />
        {!isRobot && (
          <TextField
            label={words.heartbeat}
            help={words.emptyIsNever}
            type="number"
            min={1}
            max={1440}
            value={settings.heartbeat}
            onValue={(heartbeat) => change({ heartbeat })}
          />
        )}
      </div>
    </>
  );
}

function SubscriptionField({
  value,
  onValue,
}: {
  readonly value: Types;
  readonly onValue: (types: Types) => void;
}) {
  const words = useWords(systemsWords);
  const types = useWords(eventTypeWords);
  const isAll = value.includes('*');
  return (
    <>
      <Choices
        label={words.subscribed}
        options={[
          { value: 'some', text: words.chosenTypes },
          { value: 'all', text: words.everything },
        ]}
        value={isAll ? 'all' : 'some'}
        onValue={(chosen) => onValue(chosen === 'all' ? ALL : REMINDERS)}
      />
      {!isAll && (
        <CheckList
          label={words.eventTypes}
          entries={SUBSCRIBABLE.map((type) => ({
            id: type,
            text: (
              <>
                {types[type].title} <span className="quiet small">{types[type].when}</span>
              </>
            ),
          }))}
          chosen={value}
          onChosen={(chosen) => onValue(chosen as Types)}
        />
      )}
    </>
  );
}
