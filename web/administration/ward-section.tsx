import { useState } from 'react';
import { Failure } from '../calls/failure.js';
import type { WardSettings } from '../calls/ward-settings.js';
import { Busy } from '../parts/busy.js';
import { Button } from '../parts/button.js';
import { CheckList } from '../parts/check-list.js';
import { SectionHead, SectionPart } from '../parts/section-page.js';
import { useWords } from '../words/use-words.js';
import { administrationWords } from './administration-words.js';
import { LadderField } from './ladder-field.js';
import { NumberField } from './number-field.js';
import { useWardSettings } from './use-ward-settings.js';
import { wardWords } from './ward-words.js';

/** A new announcement, as the server proposes it. */
const ANNOUNCEMENT = { noticeHours: 2, waitAtMostHours: 24, ahead: 30 };

/** The rules of the ward: contacts, lists, results. */
export default function WardSection() {
  const frame = useWords(administrationWords);
  const words = useWords(wardWords);
  const { settings, error, refetch, ...rest } = useWardSettings();
  return (
    <>
      <SectionHead title={frame.ward} intro={words.intro} />
      <Failure error={error} onRetry={() => void refetch()} />
      {settings === undefined ? (
        !error && <Busy text={frame.loading} />
      ) : (
        <WardForm stored={settings} {...rest} />
      )}
    </>
  );
}

interface PartProps {
  readonly settings: WardSettings;
  readonly isDisabled: boolean;
  readonly onSettings: (settings: WardSettings) => void;
}

function WardForm({
  stored,
  saving,
  mayChange,
}: { readonly stored: WardSettings } & Pick<ReturnType<typeof useWardSettings>, 'saving' | 'mayChange'>) {
  const frame = useWords(administrationWords);
  const [settings, onSettings] = useState(stored);
  const part: PartProps = { settings, isDisabled: !mayChange, onSettings };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        saving.mutate(settings);
      }}
    >
      <ContactsPart {...part} />
      <CallsPart {...part} />
      <ListsPart {...part} />
      <ResultsPart {...part} />
      <Failure error={saving.error} />
      {mayChange && (
        <div className="form-actions">
          <Button kind="main" type="submit" busy={saving.isPending} disabled={settings === stored}>
            {frame.save}
          </Button>
        </div>
      )}
    </form>
  );
}

function ContactsPart({ settings, isDisabled, onSettings }: PartProps) {
  const words = useWords(wardWords);
  const { contacts } = settings;
  const change = (part: Partial<WardSettings['contacts']>): void =>
    onSettings({ ...settings, contacts: { ...contacts, ...part } });
  const rest = (name: keyof typeof contacts.restDays) => (
    <NumberField
      label={words[name]}
      min={0}
      max={92}
      isDisabled={isDisabled}
      value={contacts.restDays[name]}
      onValue={(days) => change({ restDays: { ...contacts.restDays, [name]: days } })}
    />
  );
  return (
    <SectionPart title={words.ladder}>
      <div className="fields">
        <p className="quiet">{words.ladderHelp}</p>
        <LadderField
          ladder={contacts.ladder}
          isDisabled={isDisabled}
          onLadder={(ladder) => change({ ladder: [...ladder] })}
        />
        <fieldset>
          <legend className="field-legend">{words.rest}</legend>
          <div className="fields-row">
            {rest('reached')}
            {rest('sent')}
            {rest('failed')}
          </div>
        </fieldset>
        <NumberField
          label={words.lostAfterMonths}
          min={1}
          max={120}
          isDisabled={isDisabled}
          value={contacts.lostAfterMonths}
          onValue={(lostAfterMonths) => change({ lostAfterMonths })}
        />
      </div>
    </SectionPart>
  );
}

function CallsPart({ settings, isDisabled, onSettings }: PartProps) {
  const words = useWords(wardWords);
  const { calls } = settings;
  const { announce } = calls;
  const change = (part: Partial<WardSettings['calls']>): void =>
    onSettings({ ...settings, calls: { ...calls, ...part } });
  const announcement = (name: keyof typeof ANNOUNCEMENT, min: number, max: number) =>
    announce && (
      <NumberField
        label={words[name]}
        {...{ min, max, isDisabled }}
        value={announce[name]}
        onValue={(value) => change({ announce: { ...announce, [name]: value } })}
      />
    );
  return (
    <SectionPart title={words.calls}>
      <div className="fields">
        <NumberField
          label={words.gentleAfterDays}
          min={1}
          max={3650}
          isDisabled={isDisabled}
          value={calls.gentleAfterDays}
          onValue={(gentleAfterDays) => change({ gentleAfterDays })}
        />
        <CheckList
          label={words.announce}
          entries={[{ id: 'announce', text: words.announceHelp, isFixed: isDisabled }]}
          chosen={announce ? ['announce'] : []}
          onChosen={(chosen) => change({ announce: chosen.length > 0 ? ANNOUNCEMENT : null })}
        />
        <div className="fields-row">
          {announcement('noticeHours', 0, 48)}
          {announcement('waitAtMostHours', 1, 168)}
          {announcement('ahead', 0, 50)}
        </div>
      </div>
    </SectionPart>
  );
}

function ListsPart({ settings, isDisabled, onSettings }: PartProps) {
  const words = useWords(wardWords);
  const { lists, steps } = settings;
  return (
    <SectionPart title={words.lists}>
      <div className="fields fields-row">
        <NumberField
          label={words.bookAheadDays}
          min={7}
          max={180}
          isDisabled={isDisabled}
          value={lists.bookAheadDays}
          onValue={(bookAheadDays) => onSettings({ ...settings, lists: { ...lists, bookAheadDays } })}
        />
        <NumberField
          label={words.resultWithinDays}
          min={0}
          max={180}
          isDisabled={isDisabled}
          value={lists.resultWithinDays}
          onValue={(resultWithinDays) => onSettings({ ...settings, lists: { ...lists, resultWithinDays } })}
        />
        <NumberField
          label={words.stepUndo}
          min={1}
          max={1440}
          isDisabled={isDisabled}
          value={steps.undoMinutes}
          onValue={(undoMinutes) => onSettings({ ...settings, steps: { ...steps, undoMinutes } })}
        />
        <NumberField
          label={words.askAgainAfterDays}
          min={1}
          max={400}
          isDisabled={isDisabled}
          value={steps.askAgainAfterDays}
          onValue={(askAgainAfterDays) => onSettings({ ...settings, steps: { ...steps, askAgainAfterDays } })}
        />
      </div>
    </SectionPart>
  );
}

function ResultsPart({ settings, isDisabled, onSettings }: PartProps) {
  const words = useWords(wardWords);
  const { results } = settings;
  const change = (part: Partial<WardSettings['results']>): void =>
    onSettings({ ...settings, results: { ...results, ...part } });
  const days = (name: 'unseenAfterDays' | 'clinicianAfterDays' | 'headNurseAfterDays') => (
    <NumberField
      label={words[name]}
      min={0}
      max={90}
      isDisabled={isDisabled}
      value={results[name]}
      onValue={(value) => change({ [name]: value })}
    />
  );
  return (
    <SectionPart title={words.results}>
      <div className="fields">
        <div className="fields-row">
          {days('unseenAfterDays')}
          {days('clinicianAfterDays')}
          {days('headNurseAfterDays')}
        </div>
        <CheckList
          label={words.nursesSee}
          entries={[{ id: 'see', text: words.nursesSeeHelp, isFixed: isDisabled }]}
          chosen={results.nursesSee ? ['see'] : []}
          onChosen={(chosen) => change({ nursesSee: chosen.length > 0 })}
        />
        <NumberField
          label={words.resultUndo}
          min={1}
          max={10_080}
          isDisabled={isDisabled}
          value={results.undoMinutes}
          onValue={(undoMinutes) => change({ undoMinutes })}
        />
      </div>
    </SectionPart>
  );
}
