import { renderSVG } from 'uqr';
import type { CalendarDate } from '../../guideline/calendar.js';
import type { Language, Text } from '../../guideline/guideline.js';
import type { Message } from '../../guideline/message.js';
import { msg, render } from '../../platform/messages/dictionary.js';
import type { PageSettings } from '../../worklist/settings/page-settings.js';
import { dayText, dayWithWeekday, windowDays } from './day-text.js';
import { Html, html } from '../html.js';
import { page } from './page-layout.js';
import type { PatientDate, PatientDates } from './patient-dates.js';

/** What both pages say. */
export interface PageData {
  readonly patient: { readonly id: string; readonly name: string; readonly mrn: string };
  readonly hospitalName: string;
  readonly settings: PageSettings;
  readonly dates: PatientDates;
  readonly today: CalendarDate;
}

/** An A5 card: who, the next dates, how to prepare, whom to call. */
export function cardPage(data: PageData, language: Language): string {
  const say = (message: Message): string => render(message, language);
  const { patient, dates, today } = data;
  const title = say(msg('card-title'));
  const content = html`<header>
      <div>
        <p class="hospital">${hospitalIn(data, language)}</p>
        <h1>${title}</h1>
        <p class="who"><span class="strong">${patient.name}</span>${say(msg('page-mrn'))} ${patient.mrn}</p>
      </div>
      <div class="code">${codeOf(patient.id)}${say(msg('card-code'))}</div>
    </header>
    <h2>${say(msg('page-next'))}</h2>
    ${datesTable(dates, language)} ${preparations(dates, language)}
    <div class="keep">
      <p>${say(msg('card-keep'))}</p>
      <dl>${contactRows(data, language)}</dl>
    </div>
    <footer>${say(msg('page-printed-on', { day: dayText(today, language) }))}</footer>`;
  return page(language, title, 'card', content);
}

/** An A4 letter with the same dates. */
export function letterPage(data: PageData, language: Language): string {
  const say = (message: Message): string => render(message, language);
  const { patient, dates, settings, today } = data;
  const title = say(msg('letter-title'));
  const content = html`<header>
      <div>
        <p class="hospital">${hospitalIn(data, language)}</p>
        <h1>${title}</h1>
      </div>
      <p class="note">${say(msg('page-printed-on', { day: dayText(today, language) }))}</p>
    </header>
    <dl>
      <dt>${say(msg('page-mrn'))}</dt>
      <dd>${patient.mrn}</dd>
    </dl>
    <p>${say(msg('letter-to', { name: patient.name }))}</p>
    <p>${settings.greeting?.[language] ?? say(msg('letter-greeting'))}</p>
    <h2>${say(msg('page-next'))}</h2>
    ${datesTable(dates, language)} ${preparations(dates, language)}
    <p>${settings.closing?.[language] ?? say(msg('letter-closing'))}</p>
    <div class="keep">
      <p class="hospital">${hospitalIn(data, language)}</p>
      <dl>${contactRows(data, language)}</dl>
    </div>`;
  return page(language, title, 'letter', content);
}

const hospitalIn = ({ settings, hospitalName }: PageData, language: Language): string =>
  settings.hospital?.[language] ?? hospitalName;

/** The blank modules around a code without which readers may not find it (ISO/IEC 18004). */
const QUIET_MODULES = 4;

/** An opaque id, which says nothing about the patient to readers without access to the program. */
const codeOf = (patientId: string): Html =>
  new Html(renderSVG(`urn:uuid:${patientId}`, { border: QUIET_MODULES, ecc: 'M' }));

function contactRows({ settings }: PageData, language: Language): Html {
  const rows: [Message, string | null][] = [
    [msg('page-ward'), settings.ward?.[language] ?? null],
    [msg('page-phone'), settings.phone],
    [msg('page-hours'), settings.hours?.[language] ?? null],
    [msg('page-address'), settings.address?.[language] ?? null],
  ];
  const shown = rows.flatMap(([label, value]) =>
    value === null
      ? []
      : [
          html`<dt>${render(label, language)}</dt>
            <dd class="strong">${value}</dd>`,
        ],
  );
  return html`${shown}`;
}

function datesTable({ dates, more }: PatientDates, language: Language): Html {
  const say = (message: Message): string => render(message, language);
  if (dates.length === 0) return html`<p>${say(msg('page-none'))}</p>`;
  const isToBook = dates.some(({ booked }) => booked === null);
  const notes = [...(isToBook ? [msg('page-to-book')] : []), ...(more ? [msg('page-more')] : [])];
  const rows = dates.map(
    (date) =>
      html`<tr>
        <td>${whenOf(date, language)}</td>
        <td>${joined(date.titles, language)}</td>
      </tr>`,
  );
  return html`<table>
      <thead>
        <tr>
          <th scope="col">${say(msg('page-when'))}</th>
          <th scope="col">${say(msg('page-what'))}</th>
        </tr>
      </thead>
      <tbody>
        ${rows}
      </tbody>
    </table>
    <p class="note">${notes.map(say).join(language === 'zh' ? '' : ' ')}</p>`;
}

function whenOf(date: PatientDate, language: Language): Html {
  const say = (message: Message): string => render(message, language);
  const { booked } = date;
  if (booked !== null) {
    const halfDay = booked.halfDay === null ? null : say(msg(`page-${booked.halfDay}`));
    const parts = [dayWithWeekday(booked.date, language), booked.time ?? halfDay];
    const at = parts.filter((part) => part !== null).join(language === 'zh' ? '' : ' ');
    return html`<span class="strong">${at}</span><br /><span class="booked">${say(msg('page-booked'))}</span>
      ${booked.place}`;
  }
  if (date.isLate)
    return html`<span class="strong">${say(msg('page-soon'))}</span><br />
      ${say(msg('page-was-due', { due: dayText(date.due, language) }))}`;
  const { earliest: first, last } = date;
  if (last === null) return html`${say(msg('page-from', { first: dayText(first, language) }))}`;
  return html`${say(
    date.isOpen
      ? msg('page-until', { last: dayText(last, language) })
      : msg('page-window', windowDays(first, last, language)),
  )}`;
}

function preparations({ preparations: texts }: PatientDates, language: Language): Html | null {
  if (texts.length === 0) return null;
  const lines = texts.map(
    ({ title, text }) =>
      html`<p><span class="strong">${capital(title[language])}</span> ${text[language]}</p>`,
  );
  return html`<h2>${render(msg('page-prepare'), language)}</h2>
    <div class="prepare">${lines}</div>`;
}

const joined = (titles: readonly Text[], language: Language): string =>
  capital(titles.map((title) => title[language]).join(language === 'zh' ? '、' : ', '));

const capital = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1);
