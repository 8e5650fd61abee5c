import { createElement as h, useEffect, useState } from 'react';
import { createRoot } from 'react-dom/client';

// The least that React can do with the rows of a list: the page that the worklist is measured beside.

const COLUMNS = ['patient', 'items', 'due', 'distance', 'step', 'nurse', 'contact'];

const daysUntil = (day, today) => Math.round((Date.parse(day) - Date.parse(today)) / 86_400_000);

function cellsOf({ patient, items, contact }, today) {
  const [item] = items;
  return [
    [patient.name, ' ', patient.mrn],
    [item.activity, ' +', items.length - 1],
    item.due,
    daysUntil(item.due, today),
    item.step?.state,
    patient.responsibleNurse,
    contact?.lastTriedOn,
  ];
}

function Page({ rows, today }) {
  return h(
    'table',
    null,
    h('thead', null, h('tr', null, h('th'), ...COLUMNS.map((name) => h('th', { key: name }, name)))),
    h(
      'tbody',
      null,
      rows.map((row) =>
        h(
          'tr',
          { key: row.patient.id },
          h('td', null, h('input', { type: 'checkbox' })),
          ...cellsOf(row, today).map((cell, place) => h('td', { key: COLUMNS[place] }, cell)),
        ),
      ),
    ),
  );
}

function Bare() {
  const [rows, setRows] = useState([]);
  useEffect(() => {
    void fetch(`/api/v1/worklist${location.search}`, { credentials: 'same-origin' })
      .then((answer) => answer.json())
      .then(({ items }) => setRows(items));
  }, []);
  return h(Page, { rows, today: '2026-11-01' });
}

createRoot(document.getElementById('root')).render(h(Bare));
