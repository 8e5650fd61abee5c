import { expect } from '@jest/globals';
import type { Page } from 'playwright-core';
import type { SignedInPerson } from './signed-in.js';
import { chooseLanguage, type Language, signInByKeyboard } from './ward-pages.js';

/** What a suite does with each state of the page, such as a picture of it. */
type Look = (page: Page, picture: string) => Promise<void>;

interface Morning {
  readonly page: Page;
  readonly language: Language;
  readonly look: (picture: string) => Promise<void>;
  readonly press: (...keys: string[]) => Promise<void>;
}

/** The main story of sign-in and worklist with the keyboard alone. The page shows the sign-in. */
export async function morningByKeyboard(
  page: Page,
  nurse: SignedInPerson,
  language: Language,
  look: Look,
): Promise<void> {
  const morning: Morning = {
    ...{ page, language },
    look: (picture) => look(page, `${picture}.${language}`),
    press: async (...keys) => {
      for (const key of keys) await page.keyboard.press(key);
    },
  };
  await signIn(morning, nurse);
  await findReason(morning);
  await bookAndUndo(morning);
  await openEachAct(morning);
  await recordContact(morning);
  await findCommands(morning);
}

async function signIn({ page, language, look }: Morning, nurse: SignedInPerson): Promise<void> {
  const login = page.locator('input[autocomplete=username]');
  await login.waitFor();
  await chooseLanguage(page, language);
  await login.focus();
  await look('sign-in');
  await signInByKeyboard(page, nurse);
  await page.locator('.row-table tbody tr:not(.row-gap)').first().waitFor();
  await look('worklist');
}

async function findReason({ page, language, look, press }: Morning): Promise<void> {
  await press('j', 'j', 'Enter');
  const panel = page.locator('.panel');
  await panel.locator('.panel-item').first().waitFor();
  const why = { name: language === 'zh' ? '为何是这一天' : 'Why on this day' };
  await panel.getByRole('button', why).first().click();
  expect(await panel.locator('.explanation').innerText()).toContain('→');
  await look('patient');
}

async function bookAndUndo({ page, language, look, press }: Morning): Promise<void> {
  await press('Escape', 'b');
  await page.getByRole('dialog').locator('input[type=date]').fill('2026-03-12');
  await look('book');
  await press('Enter');
  const toast = page.locator('.toast');
  await toast.waitFor();
  expect(await toast.innerText()).toContain('2026-03-12');
  await page.locator('tr.is-done').waitFor();
  await look('booked');
  await press('z');
  await page.getByText(language === 'zh' ? '已撤销' : 'Undone').waitFor();
}

async function openEachAct({ page, look, press }: Morning): Promise<void> {
  const dialog = page.getByRole('dialog');
  for (const [key, name] of [
    ['r', 'result'],
    ['s', 'defer'],
    ['d', 'decline'],
    ['c', 'contact'],
    ['a', 'hand-over'],
  ] as const) {
    await press(key);
    await dialog.locator('form').waitFor();
    await look(name);
    await press('Escape');
    await dialog.waitFor({ state: 'detached' });
  }
}

async function recordContact({ page, language, press }: Morning): Promise<void> {
  await press('c');
  await page.getByRole('dialog').locator('form :focus').waitFor();
  await press('Tab', 'ArrowRight', 'Enter');
  await page
    .getByText(language === 'zh' ? '已记录：无人接听' : 'Recorded: no answer')
    .first()
    .waitFor();
}

async function findCommands({ page, language, look, press }: Morning): Promise<void> {
  const dialog = page.getByRole('dialog');
  await press('?');
  await dialog.getByText(language === 'zh' ? '下一行' : 'Next row').waitFor();
  await look('help');
  await press('Escape', 'Control+k');
  await dialog.getByRole('combobox').waitFor();
  await page.keyboard.type(language === 'zh' ? '待预约' : 'To book');
  await look('palette');
  await press('Enter');
  await page.waitForURL(/list=to_book/);
}
