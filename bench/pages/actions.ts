import type { CDPSession, Page } from 'playwright-core';
import { type Action, answer, FIXED_WORK, until } from './probe.js';
import { traced, workUntilAnswer } from './trace.js';

/** What follows an answer, such as the rows of a list, is read meanwhile. */
const PAUSE_MS = 150;

const exists = (selector: string): string => `document.querySelector('${selector}') !== null`;
const isGone = (selector: string): string => `document.querySelector('${selector}') === null`;
const isChecked = `document.querySelector('tr.is-cursor input').checked`;
const isMoved = `![undefined, window.cursorRow].includes(document.querySelector('tr.is-cursor')?.ariaRowIndex)`;
const opens = (name: string, key: string): Action[] => [
  { name: `open dialog: ${name}`, key, isAnswered: exists('dialog[open]') },
  { name: 'close dialog', key: 'Escape', isAnswered: isGone('dialog[open]') },
];

/** What a nurse does all day, from the first row back to the first row. */
export const ACTIONS: readonly Action[] = [
  { name: 'to the last row', key: 'End', isAnswered: isMoved },
  { name: 'move up', key: 'k', isAnswered: isMoved },
  { name: 'move up', key: 'k', isAnswered: isMoved },
  { name: 'move down', key: 'j', isAnswered: isMoved },
  { name: 'select by key', key: 'x', isAnswered: isChecked },
  { name: 'clear the selection', key: 'Escape', isAnswered: isGone('tr.is-selected') },
  { name: 'select by click', click: 'tr.is-cursor input', isAnswered: isChecked },
  { name: 'unselect by click', click: 'tr.is-cursor input', isAnswered: `!${isChecked}` },
  { name: 'open panel', key: 'Enter', isAnswered: exists('.panel') },
  { name: 'move with the panel', key: 'k', isAnswered: isMoved },
  { name: 'close panel', key: 'Escape', isAnswered: isGone('.panel') },
  { name: 'open panel by click', click: 'tr.is-cursor th', isAnswered: exists('.panel') },
  { name: 'close panel', key: 'Escape', isAnswered: isGone('.panel') },
  ...opens('book', 'b'),
  ...opens('result', 'r'),
  ...opens('defer', 's'),
  ...opens('declined', 'd'),
  ...opens('hand over', 'a'),
  ...opens('commands', 'Control+k'),
  ...opens('help', '?'),
  { name: 'open dialog: contact', key: 'c', isAnswered: exists('dialog[open]') },
  { name: 'record a contact', key: 'Enter', isAnswered: exists('dialog[open] [aria-busy=true], .toast') },
  { name: 'undo', key: 'z', after: exists('.toast .button'), isAnswered: isGone('.toast .button') },
  { name: 'to the first row', key: 'Home', isAnswered: isMoved },
];

/** What leaves the list, and comes back to it. */
export const FILTERING: readonly Action[] = [
  { name: 'filter', key: 'm', isAnswered: exists('.filter-bar .chip') },
  { name: 'remove the filter', click: '.filter-bar .chip button', isAnswered: isGone('.filter-bar .chip') },
];

export interface Measured {
  readonly name: string;
  /** Milliseconds of processor time in the main thread of the page, from the key or click until the answer is painted. */
  readonly worked: number;
  /** Milliseconds of the same fixed work just before and after: how fast the machine was meanwhile. */
  readonly fixedWork: number;
}

/** Performs the actions one after another, so many times. */
export async function measureActions(
  page: Page,
  session: CDPSession,
  actions: readonly Action[],
  rounds: number,
): Promise<readonly Measured[]> {
  const measured: Measured[] = [];
  for (let round = 0; round < rounds; round++)
    for (const action of actions) {
      if (action.after !== undefined) await until(page, action.after);
      const before = await page.evaluate<number>(FIXED_WORK);
      const events = await traced(session, () => answer(page, action));
      await page.waitForTimeout(PAUSE_MS);
      const after = await page.evaluate<number>(FIXED_WORK);
      measured.push({
        name: action.name,
        worked: workUntilAnswer(events),
        fixedWork: (before + after) / 2,
      });
    }
  return measured;
}
