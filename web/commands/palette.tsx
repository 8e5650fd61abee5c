import { type KeyboardEvent, useState } from 'react';
import { Dialog } from '../parts/dialog.js';
import { EmptyState } from '../parts/empty-state.js';
import { KeyHint } from '../parts/key-hint.js';
import { useWords } from '../words/use-words.js';
import { commandWords } from './command-words.js';
import { type Command, useCommandList } from './commands.js';
import './palette.css';

const isFound = ({ title, group }: Command, typed: string): boolean =>
  `${group} ${title}`.toLowerCase().includes(typed.trim().toLowerCase());

/** Every command by its name: what a reader who forgot the key uses. */
export default function Palette({ onClose }: { readonly onClose: () => void }) {
  const words = useWords(commandWords);
  const list = useCommandList();
  const [all] = useState(() => list.all().filter(({ isKeyOnly }) => isKeyOnly !== true));
  const [typed, setTyped] = useState('');
  const [place, setPlace] = useState(0);
  const found = all.filter((command) => isFound(command, typed));
  const chosen = found[Math.min(place, found.length - 1)];

  const take = (command: Command | undefined): void => {
    if (!command) return;
    onClose();
    // After the dialog is gone: the command may move the focus or open another one.
    setTimeout(command.run);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === 'ArrowDown') setPlace(Math.min(place + 1, found.length - 1));
    else if (event.key === 'ArrowUp') setPlace(Math.max(place - 1, 0));
    else if (event.key === 'Enter') take(chosen);
    else return;
    event.preventDefault();
  };

  return (
    <Dialog title={words.palette} closeLabel={words.close} onClose={onClose}>
      <input
        type="text"
        role="combobox"
        aria-label={words.find}
        placeholder={words.find}
        aria-expanded="true"
        aria-controls="palette"
        aria-activedescendant={chosen && `command-${chosen.id}`}
        className="palette-input"
        autoComplete="off"
        value={typed}
        onChange={(event) => {
          setTyped(event.target.value);
          setPlace(0);
        }}
        onKeyDown={onKeyDown}
      />
      <ul id="palette" role="listbox" aria-label={words.palette} className="palette-list">
        {found.map((command) => (
          <li
            key={command.id}
            id={`command-${command.id}`}
            role="option"
            aria-selected={command === chosen}
            onClick={() => take(command)}
          >
            <span>
              <span className="palette-group">{command.group}</span>
              {command.title}
            </span>
            {command.keys?.[0] !== undefined && <KeyHint keys={command.keys[0]} />}
          </li>
        ))}
      </ul>
      {found.length === 0 && <EmptyState title={words.nothing} />}
    </Dialog>
  );
}
