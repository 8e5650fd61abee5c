import { createContext, type ReactNode, use, useEffect, useRef, useState } from 'react';
import { KeySequence, pressedKeys } from './key-presses.js';

/** Something that the reader can do now, by key, in the palette, or by a button that does the same. */
export interface Command {
  readonly id: string;
  readonly title: string;
  /** The heading under which the help sheet lists it. */
  readonly group: string;
  /** `j`, `ctrl+k`, or `g o`: one after the other. The first is shown. */
  readonly keys?: readonly string[];
  readonly run: () => void;
  /** Moving about is no entry of the palette. */
  readonly isKeyOnly?: boolean;
}

/** The commands of all mounted parts of the page; of two with the same keys the newer one counts. */
export class CommandList {
  private readonly lists = new Map<symbol, readonly Command[]>();

  put(owner: symbol, commands: readonly Command[]): void {
    this.lists.set(owner, commands);
  }

  remove(owner: symbol): void {
    this.lists.delete(owner);
  }

  all(): readonly Command[] {
    return [...this.lists.values()].flat();
  }

  by(keys: string): Command | undefined {
    return [...this.all()].reverse().find((command) => command.keys?.includes(keys));
  }
}

const Commands = createContext<CommandList>(new CommandList());

/** Listens to the keyboard for all commands below it. */
export function CommandsProvider({ children }: { readonly children: ReactNode }) {
  const [list] = useState(() => new CommandList());
  useEffect(() => {
    const sequence = new KeySequence();
    const listen = (event: KeyboardEvent): void => {
      const keys = pressedKeys(event);
      if (keys === undefined || event.defaultPrevented || isForDialog() || isTyping(event, keys)) return;
      const command = sequence
        .endingWith(keys, performance.now())
        .map((pressed) => list.by(pressed))
        .find((found) => found !== undefined);
      if (command === undefined) return;
      event.preventDefault();
      sequence.forget();
      command.run();
    };
    document.addEventListener('keydown', listen);
    return () => document.removeEventListener('keydown', listen);
  }, [list]);
  return <Commands value={list}>{children}</Commands>;
}

export const useCommandList = (): CommandList => use(Commands);

/** Offers these commands for as long as the component is mounted. */
export function useCommands(commands: readonly Command[]): void {
  const list = useCommandList();
  const owner = useRef(Symbol('commands'));
  useEffect(() => list.put(owner.current, commands));
  useEffect(() => {
    const { current } = owner;
    return () => list.remove(current);
  }, [list]);
}

/** An open dialog has the keyboard to itself. */
const isForDialog = (): boolean => document.querySelector('dialog[open]') !== null;

/** Letters belong to the field that has the focus; Enter and Space to a button. */
function isTyping({ target }: KeyboardEvent, keys: string): boolean {
  if (!(target instanceof HTMLElement) || keys.startsWith('ctrl+')) return false;
  if (keys === 'escape') return false;
  if (target.matches('button, a[href], summary')) return keys === 'enter' || keys === 'space';
  if (target.matches('input[type=checkbox], input[type=radio]'))
    return keys === 'space' || keys.startsWith('arrow');
  return target.matches('input, textarea, select, [contenteditable]');
}
