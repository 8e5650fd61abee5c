import type { Page } from 'playwright-core';

// Scripts that run in the page. They are text, because this program is compiled without the types of a browser.

/** Milliseconds from navigation to the frame in which so many rows are painted. */
export const PAINTED_ROWS = (rows: number): string => `new Promise((resolve) => {
  const look = () => {
    if (document.querySelectorAll('tbody tr:not(.row-gap)').length < ${rows}) return requestAnimationFrame(look);
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => resolve(performance.now());
    requestAnimationFrame(() => port2.postMessage(0));
  };
  look();
})`;

/** The mark in the trace at the end of the frame that shows the answer. */
export const ANSWERED = 'nedwatch-answered';

/** Runs from the start of each document. */
export const OBSERVER = `
  window.answerTo = (isAnswered) => {
    window.cursorRow = document.querySelector('tr.is-cursor')?.ariaRowIndex;
    window.answered = new Promise((resolve) => {
      const look = () => {
        if (!isAnswered()) return requestAnimationFrame(look);
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => resolve(performance.mark('${ANSWERED}').name);
        port2.postMessage(0);
      };
      for (const kind of ['keydown', 'mousedown'])
        addEventListener(kind, () => requestAnimationFrame(look), { capture: true, once: true });
    });
  };`;

/**
 * Milliseconds of a fixed piece of work like that of a page: elements with texts, and their layout. The fastest of three,
 * so that an interruption does not count.
 */
export const FIXED_WORK = `(() => {
  const once = () => {
    const start = performance.now();
    const box = document.createElement('div');
    box.style.cssText = 'position: fixed; visibility: hidden; inset: 0';
    for (let n = 0; n < 400; n++) {
      const line = box.appendChild(document.createElement('p'));
      line.append(document.createElement('b'), 'patient ' + n);
    }
    document.body.append(box);
    box.lastChild.getBoundingClientRect();
    box.remove();
    return performance.now() - start;
  };
  return Math.min(once(), once(), once());
})()`;

/** An action of a person, and the condition by which the page has answered it. */
export interface Action {
  readonly name: string;
  /** A key, or the selector of what is clicked. */
  readonly key?: string;
  readonly click?: string;
  /** JavaScript in the page: the condition for the action, and the one for its answer. */
  readonly after?: string;
  readonly isAnswered: string;
}

/** Waits for a condition in the page. Its content security policy refuses `waitForFunction` with a text. */
export async function until(page: Page, condition: string): Promise<void> {
  await page.evaluate(`new Promise((resolve) => {
    const look = () => (${condition} ? resolve() : setTimeout(look, 10));
    look();
  })`);
}

/** Presses the key or clicks, and waits for the frame that shows the answer. */
export async function answer(page: Page, { key, click, isAnswered }: Action): Promise<void> {
  await page.evaluate(`answerTo(() => ${isAnswered})`);
  if (key !== undefined) await page.keyboard.press(key);
  else
    await page
      .locator(click ?? '')
      .first()
      .click();
  await page.evaluate('answered');
}
