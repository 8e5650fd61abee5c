import { type ReactNode, useState } from 'react';
import { DayField } from '../items/day-field.js';
import { Busy } from '../parts/busy.js';
import { Button } from '../parts/button.js';
import { CheckList } from '../parts/check-list.js';
import { Chip, RemovableChip } from '../parts/chip.js';
import { Choices } from '../parts/choices.js';
import { Dialog, DialogActions } from '../parts/dialog.js';
import { EmptyState } from '../parts/empty-state.js';
import { SelectField, TextArea, TextField } from '../parts/field.js';
import { KeyHint } from '../parts/key-hint.js';
import { Notice } from '../parts/notice.js';
import { Panel } from '../parts/panel.js';
import { useToasts } from '../parts/toasts.js';
import { useWords } from '../words/use-words.js';
import { galleryWords } from './gallery-words.js';
import { Plots } from './plots.js';
import './gallery.css';

/** Every component in every state: for those who build screens, and for the check of contrast and names. */
export default function GalleryPage() {
  const words = useWords(galleryWords);
  return (
    <div className="gallery">
      <h1>{words.title}</h1>
      <Section title={words.buttons}>
        <Buttons />
      </Section>
      <Section title={words.chips}>
        <Chip>{words.plain}</Chip>
        <Chip tone="late">{words.late}</Chip>
        <Chip tone="warning">{words.warning}</Chip>
        <Chip tone="done">{words.done}</Chip>
        <Chip tone="active">{words.active}</Chip>
        <RemovableChip removeLabel={words.remove} onRemove={() => undefined}>
          {words.filter}
        </RemovableChip>
      </Section>
      <Section title={words.fields}>
        <Fields />
      </Section>
      <Section title={words.notices}>
        <Notice title={words.notice}>{words.noticeText}</Notice>
        <Notice tone="warning" title={words.notice} />
        <Notice tone="late" title={words.notice} />
        <Notice tone="done" title={words.notice} />
        <Busy text={words.loading} />
        <EmptyState title={words.empty}>{words.emptyHelp}</EmptyState>
      </Section>
      <Section title={words.plots}>
        <Plots />
      </Section>
      <Section title={words.panel}>
        <Panel title={words.panel} closeLabel={words.close} onClose={() => undefined}>
          {words.noticeText}
        </Panel>
      </Section>
    </div>
  );
}

function Section({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <section>
      <h2>{title}</h2>
      <div className="gallery-parts">{children}</div>
    </section>
  );
}

function Buttons() {
  const words = useWords(galleryWords);
  const toasts = useToasts();
  const [isOpen, setIsOpen] = useState(false);
  const close = (): void => setIsOpen(false);
  return (
    <>
      <Button kind="main">{words.main}</Button>
      <Button>{words.plain}</Button>
      <Button kind="quiet">{words.quiet}</Button>
      <Button kind="risky">{words.risky}</Button>
      <Button hint="b">{words.keys}</Button>
      <Button busy>{words.busy}</Button>
      <Button disabled>{words.disabled}</Button>
      <KeyHint keys="ctrl+k" />
      <Button onClick={() => setIsOpen(true)}>{words.dialog}</Button>
      <Button
        onClick={() =>
          toasts.show({ text: words.done, action: { text: words.undo, hint: 'z', run: () => undefined } })
        }
      >
        {words.toast}
      </Button>
      {isOpen && (
        <Dialog title={words.dialog} closeLabel={words.close} onClose={close}>
          <TextField label={words.label} value="" onValue={() => undefined} />
          <DialogActions>
            <Button kind="main" onClick={close}>
              {words.close}
            </Button>
          </DialogActions>
        </Dialog>
      )}
    </>
  );
}

function Fields() {
  const words = useWords(galleryWords);
  const [text, setText] = useState('');
  const [choice, setChoice] = useState('one');
  const [chosen, setChosen] = useState<readonly string[]>(['one']);
  const options = [
    { value: 'one', text: words.one },
    { value: 'two', text: words.two },
  ];
  return (
    <>
      <TextField label={words.label} help={words.help} value={text} onValue={setText} />
      <TextField label={words.label} error={words.error} value="" onValue={() => undefined} />
      <TextField label={words.label} disabled value={words.disabled} onValue={() => undefined} />
      <SelectField label={words.choices} options={options} value={choice} onValue={setChoice} />
      <TextArea label={words.label} value={text} onValue={setText} />
      <DayField label={words.day} value="2026-11-03" shortcuts={[1, 7]} onValue={() => undefined} />
      <Choices label={words.choices} options={options} value={choice} onValue={setChoice} />
      <CheckList
        label={words.checks}
        entries={options.map(({ value, text: name }) => ({ id: value, text: name }))}
        chosen={chosen}
        onChosen={setChosen}
      />
    </>
  );
}
