/** The part of a keyboard event that decides. */
export interface KeyPress {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  readonly shiftKey: boolean;
  readonly isComposing: boolean;
  readonly keyCode: number;
}

/** What browsers report for a key that an input method consumed, also where `isComposing` is missing. */
const CONSUMED_BY_INPUT_METHOD = 229;

/** The keys as a command names them: `j`, `shift+x`, `ctrl+k`, `?`. Undefined while a Chinese input method composes. */
export function pressedKeys(press: KeyPress): string | undefined {
  if (press.isComposing || press.keyCode === CONSUMED_BY_INPUT_METHOD || press.altKey) return undefined;
  const key = press.key.toLowerCase();
  if (['control', 'shift', 'meta', 'alt', 'process'].includes(key)) return undefined;
  const isLetter = /^[a-z]$/.test(key);
  const shift = press.shiftKey && (isLetter || key.length > 1) ? 'shift+' : ''; // `?` needs Shift on some keyboards
  return `${press.ctrlKey || press.metaKey ? 'ctrl+' : ''}${shift}${key === ' ' ? 'space' : key}`;
}

const PAUSE_MS = 1200;

/** Joins `g` and `o`, pressed one after the other, to `g o`. */
export class KeySequence {
  private first: { readonly keys: string; readonly at: number } | undefined;

  /** The sequence that ends with these keys, and the keys alone. */
  endingWith(keys: string, now: number): readonly string[] {
    const { first } = this;
    this.first = { keys, at: now };
    if (first === undefined || now - first.at > PAUSE_MS) return [keys];
    return [`${first.keys} ${keys}`, keys];
  }

  forget(): void {
    this.first = undefined;
  }
}
