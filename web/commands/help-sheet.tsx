import { useState } from 'react';
import { Dialog } from '../parts/dialog.js';
import { KeyHint } from '../parts/key-hint.js';
import { useWords } from '../words/use-words.js';
import { commandWords } from './command-words.js';
import { type Command, useCommandList } from './commands.js';
import './help-sheet.css';

/** All keys that do something on this page, by subject. */
export default function HelpSheet({ onClose }: { readonly onClose: () => void }) {
  const words = useWords(commandWords);
  const list = useCommandList();
  const [groups] = useState(() => grouped(list.all()));
  return (
    <Dialog title={words.help} closeLabel={words.close} onClose={onClose} wide>
      <div className="help-sheet">
        {groups.map(([group, commands]) => (
          <section key={group}>
            <h3>{group}</h3>
            <dl>
              {commands.map(({ id, title, keys = [] }) => (
                <div key={id}>
                  <dt>{title}</dt>
                  <dd>
                    {keys.map((one) => (
                      <KeyHint key={one} keys={one} />
                    ))}
                    <span className="spoken">{keys.join(', ')}</span>
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
      <p className="quiet small help-note">{words.helpNote}</p>
    </Dialog>
  );
}

function grouped(commands: readonly Command[]): (readonly [string, readonly Command[]])[] {
  const groups = new Map<string, Command[]>();
  for (const command of commands) {
    if (command.keys === undefined) continue;
    groups.set(command.group, [...(groups.get(command.group) ?? []), command]);
  }
  return [...groups];
}
