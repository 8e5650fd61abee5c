// Reads GET /api/v1/status every ten seconds while the page is seen, and says first what needs someone.

import { UNITS, WORDS } from './status-words.js';

const READ_EVERY_MS = 10_000;
const ANSWER_WITHIN_MS = 10_000;
// Reading by itself, the page would keep the session of somebody who has left from ending.
const LEFT_AFTER_MS = 15 * 60_000;
const LATE_SECONDS = 2 * 60;
const OLD_SECONDS = 36 * 3600;

/** What is to be sent again with what, where sign-in answers so. */
const ASKED_FOR = { 'second-factor-required': 'totp', 'new-password-required': 'newPassword' };

const PLACES = ['read-at', 'administrator-keys', 'needs', 'messages', 'endpoints', 'examination'];

let key = null; // an API key is kept here and nowhere else
let status = null; // what was read last
let fault = null; // what failed, and the answer that says why
let mustSignIn = false;
let left = false;
let usedAt = performance.now();
let turn = 0; // an answer that was overtaken counts for nothing
let timer;

const wanted = [new URLSearchParams(location.search).get('lang'), ...navigator.languages];
let language = wanted.find((one) => /^(zh|en)/.test(one))?.startsWith('en') ? 1 : 0;

const byId = (id) => document.getElementById(id);
const say = (word, values = {}) =>
  (WORDS[word]?.[language] ?? word).replace(/\{(\w+)\}/g, (_, name) => values[name]);

/** `2026-03-10 10:00:00` at the hospital, wherever the reader is; Swedish is written like ISO 8601. */
const time = (instant) => new Date(instant).toLocaleString('sv-SE', { timeZone: status.timeZone });

/** The two largest units: `3 h 20 min`. */
function age(seconds) {
  const first = UNITS.findIndex(([size]) => seconds >= size);
  if (first < 0) return `0 ${UNITS.at(-1)[1][language]}`;
  const parts = UNITS.slice(first, first + 2).map(([size, names], place) => {
    const count = Math.floor((place === 0 ? seconds : seconds % UNITS[first][0]) / size);
    return count > 0 ? `${count} ${names[language]}` : '';
  });
  return parts.join(' ').trim();
}

// By the server's own clock: the reader's may be wrong.
const secondsSince = (instant) => (Date.parse(status.asOf) - Date.parse(instant)) / 1000;

class Refusal extends Error {
  constructor(problem) {
    super(problem.title);
    this.problem = problem;
  }
}

async function call(method, path, body) {
  const headers = {
    'x-requested-with': 'nedwatch',
    'x-purpose': 'SYSADMIN',
    'accept-language': ['zh-CN', 'en'][language],
  };
  if (body !== undefined) headers['content-type'] = 'application/json';
  if (key !== null) headers.authorization = `Bearer ${key}`;
  const credentials = key === null ? 'same-origin' : 'omit';
  const signal = AbortSignal.timeout(ANSWER_WITHIN_MS);
  let answer, text;
  try {
    const sent = { method, headers, credentials, signal, body: body && JSON.stringify(body) };
    answer = await fetch(`api/v1/${path}`, sent);
    text = await answer.text();
  } catch {
    throw new Refusal({ status: 0 });
  }
  try {
    const said = text === '' ? null : JSON.parse(text);
    if (answer.ok) return said;
    throw new Refusal({ ...said, status: answer.status });
  } catch (error) {
    // What is not JSON was said by something in between.
    throw error instanceof Refusal ? error : new Refusal({ status: answer.status, title: answer.statusText });
  }
}

/** Whoever comes for the first time need not be told that they have not signed in. */
async function read(isFirst = false) {
  clearTimeout(timer);
  const mine = ++turn;
  try {
    const answer = await call('GET', 'status');
    if (mine !== turn) return;
    [status, fault, mustSignIn] = [answer, null, false];
  } catch ({ problem }) {
    if (mine !== turn) return;
    if (problem.status === 401) {
      const what = status === null ? 'signInFailed' : 'signedOut';
      forget(isFirst ? null : { what, problem });
      return;
    }
    [fault, mustSignIn] = [{ what: 'readFailed', problem }, false];
  }
  goOn();
}

/** Reads again in a while, unless nobody sees it or who asks may not know. */
function goOn() {
  clearTimeout(timer);
  left = key === null && performance.now() - usedAt > LEFT_AFTER_MS;
  if (!left && !document.hidden && fault?.problem.status !== 403)
    timer = setTimeout(() => void read(), READ_EVERY_MS);
  render();
}

function forget(why) {
  clearTimeout(timer);
  turn++;
  [key, status, fault, mustSignIn, left] = [null, null, why, true, false];
  render();
}

async function signIn(event) {
  event.preventDefault();
  const form = event.target;
  const button = form.querySelector('button');
  button.disabled = true;
  try {
    await call('POST', 'sign-in', Object.fromEntries(new FormData(form)));
    form.reset();
    for (const name of Object.values(ASKED_FOR)) ask(form.elements[name], false);
    await read();
  } catch ({ problem }) {
    const input = form.elements[ASKED_FOR[problem.code]];
    fault = input ? null : { what: 'signInFailed', problem };
    render();
    if (input) ask(input, true);
  } finally {
    button.disabled = false;
  }
}

function ask(input, isAsked) {
  input.disabled = !isAsked;
  input.parentElement.hidden = !isAsked;
  if (isAsked) input.focus();
}

async function signOut() {
  try {
    if (key === null) await call('POST', 'sign-out');
    forget(null);
  } catch ({ problem }) {
    if (problem.status === 401) return forget(null);
    fault = { what: 'signOutFailed', problem };
    render();
  }
}

/** What needs someone, the worst first: what it is, where, and what to do. */
function needs() {
  const { endpoints, deliveries, examination, sweptAt } = status;
  const list = [];
  const unswept = sweptAt === null ? Infinity : secondsSince(sweptAt);
  if (unswept > LATE_SECONDS)
    list.push({
      what: 'unswept',
      why: sweptAt ? say('unsweptFor', { age: age(unswept) }) : say('neverSwept'),
    });
  for (const { url, heldReason } of inState('held', endpoints))
    list.push({ what: 'held', where: url, why: say(`held-${heldReason}`) });
  for (const { url, failingSince } of inState('failing', endpoints))
    list.push({
      what: 'failing',
      where: url,
      why: say('failingFor', { age: age(secondsSince(failingSince)) }),
    });
  const count = examination ? violationsOf(examination) : 0;
  if (count > 0) list.push({ what: 'violations', why: say('found', { count }) });
  if (deliveries.oldestDueSeconds > LATE_SECONDS)
    list.push({ what: 'late', why: say('lateBy', { age: age(deliveries.oldestDueSeconds) }) });
  const { uncertain, gatewayPausedUntil } = status.patientMessages;
  if (uncertain > 0) list.push({ what: 'uncertain', why: say('uncertainWhy', { count: uncertain }) });
  if (gatewayPausedUntil !== null)
    list.push({ what: 'gatewayPaused', why: say('gatewayPausedWhy', { at: time(gatewayPausedUntil) }) });
  const { refused } = status.hl7Messages;
  if (refused > 0) list.push({ what: 'hl7Refused', why: say('hl7RefusedWhy', { count: refused }) });
  const old = examination === null ? Infinity : secondsSince(examination.madeAt);
  if (old > OLD_SECONDS)
    list.push({ what: 'old', why: examination ? say('oldBy', { age: age(old) }) : say('never') });
  return list;
}

const inState = (state, endpoints) => endpoints.filter((endpoint) => endpoint.state === state);
const violationsOf = ({ violations }) => Object.values(violations).reduce((sum, count) => sum + count, 0);

function element(name, attributes, ...children) {
  const made = document.createElement(name);
  for (const [attribute, value] of Object.entries(attributes)) made.setAttribute(attribute, value);
  made.append(...children);
  return made;
}

/** Leaves alone what has not changed, so that a screen reader says what is new and no more. */
function show(place, ...children) {
  const fresh = place.cloneNode(false);
  fresh.append(...children);
  if (!place.isEqualNode(fresh)) place.replaceChildren(...fresh.childNodes);
}

function render() {
  document.documentElement.lang = ['zh-CN', 'en'][language];
  for (const place of document.querySelectorAll('[data-word]')) place.textContent = say(place.dataset.word);
  show(byId('language'), element('span', { lang: ['en', 'zh-CN'][language] }, say('other')));
  byId('sign-in').hidden = !mustSignIn;
  byId('sign-out').hidden = mustSignIn || (status === null && fault?.problem.status !== 403);
  byId('status').hidden = status === null;
  show(byId('hospital'), status?.hospital ?? '');
  show(byId('fault'), ...(fault ? faultShown() : []));
  document.title = say('title');
  if (status === null) {
    for (const place of PLACES) show(byId(place)); // nothing stays behind of what was shown
    return;
  }
  const list = needs();
  if (list.length > 0) document.title = `(${list.length}) ${say('title')}`;
  byId('status').classList.toggle('stale', fault !== null || left);
  show(byId('read-at'), readAt());
  show(byId('administrator-keys'), ...administratorKeysShown(), ...missingYearShown());
  show(byId('needs'), needsShown(list));
  show(byId('messages'), ...messagesShown());
  show(byId('endpoints'), endpointsShown());
  show(byId('examination'), ...examinationShown());
}

function readAt() {
  const { timeZone: zone } = status;
  const last = say(fault || left ? 'lastRead' : 'readAt', { at: time(status.asOf), zone });
  return left ? `${say('left')} ${last}` : last;
}

/** In the words of the answer, which are English. */
function faultShown() {
  const { what, problem } = fault;
  const { title, detail, errors = [] } = problem;
  const shown = [element('strong', {}, say(what))];
  if (problem.status === 0) shown.push(element('p', {}, say('unreachable')));
  for (const text of [title || (problem.status > 0 && `HTTP ${problem.status}`), detail])
    if (text) shown.push(element('p', { lang: 'en' }, text));
  const lines = errors.map(({ pointer, message }) => element('li', {}, `${pointer.slice(1)}: ${message}`));
  if (lines.length > 0) shown.push(element('ul', { lang: 'en' }, ...lines));
  if (status) shown.push(element('p', {}, say('stale', { at: time(status.asOf) })));
  return shown;
}

/** Beside what needs someone: telling works while such a key is active. */
function administratorKeysShown() {
  return status.administratorKeys.map(({ lastFour, lastUsedAt }) => {
    const used = lastUsedAt === null ? say('none') : time(lastUsedAt);
    const head = element('p', {}, element('strong', { class: 'mark' }, say('administratorKey')));
    const why = say('administratorKeyWhy', { lastFour: lastFour ?? '', used });
    return element('div', { class: 'card need' }, head, element('p', {}, why));
  });
}

/** Until they are imported, its Mondays to Fridays count as working days. */
function missingYearShown() {
  const year = status.calendarYearMissing;
  if (year === null) return [];
  const head = element('p', {}, element('strong', { class: 'mark' }, say('calendarYear', { year })));
  return [element('div', { class: 'card need' }, head, element('p', {}, say('calendarYearWhy', { year })))];
}

function needsShown(list) {
  if (list.length === 0) return element('p', { class: 'card fine' }, say('nothing'));
  const items = list.map(({ what, where, why }) => {
    const place = where ? [addressShown(where)] : [];
    const head = element('p', {}, element('strong', { class: 'mark' }, say(what)), ' ', ...place);
    return element('li', { class: 'card need' }, head, element('p', {}, why));
  });
  return element('ul', {}, ...items);
}

function messagesShown() {
  const { pending, due, oldestDueSeconds } = status.deliveries;
  const oldest = oldestDueSeconds > 0 ? age(oldestDueSeconds) : say('none');
  const swept =
    status.sweptAt === null ? say('none') : say('ago', { age: age(secondsSince(status.sweptAt)) });
  const figures = { pending, due, oldest, waiting: status.events.waiting, swept };
  figures.unowned = status.unownedPatients;
  return Object.entries(figures).map(([word, figure]) =>
    element('div', { class: 'card' }, element('dt', {}, say(word)), element('dd', {}, `${figure}`)),
  );
}

function endpointsShown() {
  const { endpoints } = status;
  if (endpoints.length === 0) return element('p', {}, say('noEndpoints'));
  const rows = ['held', 'failing', 'ok']
    .flatMap((state) => inState(state, endpoints))
    .map((one) => [
      addressShown(one.url),
      stateShown(one),
      `${one.pending}`,
      `${one.inFlight}`,
      `${one.failedLately}`,
      one.lastDeliveredAt === null ? say('none') : timeShown(one.lastDeliveredAt),
      `${one.lastSequence}`,
      one.acknowledgedThrough === 0 ? say('none') : `${one.acknowledgedThrough}`,
    ]);
  const columns = ['address', 'state', 'pending', 'inFlight', 'failedLately'];
  return table('endpoints', [...columns, 'lastDelivered', 'lastSequence', 'acknowledged'], rows);
}

function stateShown({ state, heldReason, failingSince }) {
  const shown = [element('strong', { class: state === 'ok' ? 'mark fine' : 'mark' }, say(state))];
  if (heldReason !== null) shown.push(` ${say(`short-${heldReason}`)}`);
  if (failingSince !== null) shown.push(' ', say('since'), ' ', timeShown(failingSince));
  return element('span', {}, ...shown);
}

/** Broken, where it must be, between day and hour and nowhere else. */
function timeShown(instant) {
  const parts = time(instant)
    .split(' ')
    .flatMap((part) => [element('span', { class: 'whole' }, part), ' ']);
  return element('time', { datetime: instant }, ...parts.slice(0, -1));
}

/** Broken, where it must be, after a stroke rather than anywhere. */
function addressShown(url) {
  const parts = url.split(/(?<=[^/:]\/)/).flatMap((part) => [part, element('wbr', {})]);
  return element('span', { class: 'address' }, ...parts.slice(0, -1));
}

function examinationShown() {
  const { examination } = status;
  if (examination === null) return [element('p', {}, say('never'))];
  const { madeAt, violations } = examination;
  const checks = Object.keys(violations).length;
  const count = violationsOf(examination);
  const made = say('made', { at: time(madeAt), age: age(secondsSince(madeAt)) });
  if (count === 0) return [element('p', {}, made + say('clean', { checks }))];
  const found = Object.entries(violations).filter(([, failed]) => failed > 0);
  const rows = found.map(([check, failed]) => [element('code', {}, check), say(check), `${failed}`]);
  const said = `${made}${say('unclean', { checks, count })} ${say('doctor')}`;
  return [element('p', {}, said), table('examination', ['check', 'meaning', 'count'], rows)];
}

/** With roles, because on a narrow screen its rows become blocks, which would make it a table no more. */
function table(name, columns, rows) {
  const heads = columns.map((word) => element('th', { role: 'columnheader', scope: 'col' }, say(word)));
  const lines = rows.map((cells) =>
    element(
      'tr',
      { role: 'row' },
      ...cells.map((cell, place) => cellOf(cell, say(columns[place]), place === 0)),
    ),
  );
  return element(
    'table',
    { role: 'table', 'aria-labelledby': `${name}-heading` },
    element('thead', { role: 'rowgroup' }, element('tr', { role: 'row' }, ...heads)),
    element('tbody', { role: 'rowgroup' }, ...lines),
  );
}

function cellOf(cell, label, isHead) {
  const attributes = isHead ? { role: 'rowheader', scope: 'row' } : { role: 'cell' };
  return element(isHead ? 'th' : 'td', { ...attributes, 'data-label': label }, cell);
}

function used() {
  usedAt = performance.now();
  if (!left) return;
  left = false;
  void read();
}

byId('person').addEventListener('submit', signIn);
byId('program').addEventListener('submit', (event) => {
  event.preventDefault();
  key = byId('key').value.trim();
  event.target.reset();
  void read();
});
byId('sign-out').addEventListener('click', signOut);
byId('language').addEventListener('click', () => {
  language = 1 - language;
  history.replaceState(null, '', `?lang=${['zh', 'en'][language]}`);
  render();
});
document.addEventListener('visibilitychange', () => {
  if (document.hidden) clearTimeout(timer);
  else if (!mustSignIn) void read();
});
for (const sign of ['pointerdown', 'pointermove', 'keydown']) addEventListener(sign, used);

render();
void read(true);
