import type { Language } from '../guideline/guideline.js';
import { type MessageKey, msg, render } from '../platform/messages/dictionary.js';
import { percentOf, type Share } from './figures.js';
import type { InspectionReport } from './inspection-reports.service.js';
import { ITEM_OUTCOMES } from './item-outcome.js';
import type { InspectionContent, ReportedRates } from './inspection-content.js';
import { reasonText } from './reason-text.js';
import type { Table, TableValue } from './table.js';

type Word = Extract<MessageKey, `statistics-${string}`> extends `statistics-${infer W}` ? W : never;

/** A word of the reports in the reader's language. */
export function word(name: Word, language: Language): string {
  const key: `statistics-${Word}` = `statistics-${name}`;
  return render(msg(key), language);
}

type Say = (key: Word) => string;

/** A report as tables: for the spreadsheet and for the printed page. */
export function reportTables(report: InspectionReport, language: Language): Table[] {
  const say: Say = (key) => word(key, language);
  const { total, activities } = report.content;
  return [
    summaryTable(report.content, say),
    {
      name: say('by-activity'),
      columns: [
        ...[say('activity'), say('due'), ...ITEM_OUTCOMES.map((outcome) => say(`outcome-${outcome}`))],
        ...[`${say('adherence')} %`, `${say('completion')} %`, say('median-delay'), say('further-exams')],
      ],
      rows: [
        ...activities.map((rates) => rateRow(rates.title[language], rates)),
        rateRow(say('total'), total),
      ],
    },
    {
      name: say('reasons'),
      columns: [say('reason'), say('count')],
      rows: total.reasons.map(({ reason, count }) => [reasonText(reason, language), count]),
    },
    originTable(report, say),
  ];
}

function summaryTable({ gauge, total, patients, ...content }: InspectionContent, say: Say): Table {
  const share = (key: Word, of: Share, met: boolean | null = null): TableValue[] => [
    ...[say(key), of.numerator, of.denominator, percentOf(of)],
    met === null ? null : say(met ? 'met' : 'not-met'),
  ];
  const { callsPerContact: calls } = content;
  return {
    name: say('summary'),
    columns: [say('figure'), say('numerator'), say('denominator'), '%', say('gauge')],
    rows: [
      share('completion', gauge.completion, gauge.completion.met),
      share('follow-up-rate', gauge.followUp, gauge.followUp.met),
      share('adherence', total.adherence),
      share('under-testing', total.underTesting),
      share('over-testing', total.overTesting),
      share('no-shows', content.noShows),
      [say('calls-per-contact'), calls.numerator, calls.denominator, null, null],
      [say('losses'), content.lossesRecorded, null, null, null],
      [say('loss-proposed'), patients.lossProposed, null, null, null],
    ],
  };
}

/** Where the figures come from, and by which digest the audit trail names them. */
const originTable = (
  { department, month, content, createdBy, createdAt, digest }: InspectionReport,
  say: Say,
): Table => ({
  name: say('report'),
  columns: [say('field'), say('value')],
  rows: [
    [say('hospital'), content.hospital],
    [say('department'), department ?? say('whole-hospital')],
    [say('month'), month.slice(0, 7)],
    [say('as-of'), content.asOf],
    ...(content.monthIsOver ? [] : [[say('note'), say('month-not-over')]]),
    [say('created-by'), createdBy],
    [say('created-at'), createdAt.toISOString()],
    ['SHA-256', digest],
  ],
});

const rateRow = (label: string, rates: ReportedRates): TableValue[] => [
  ...[label, rates.due, ...ITEM_OUTCOMES.map((outcome) => rates.items[outcome])],
  ...[percentOf(rates.adherence), percentOf(rates.completion)],
  ...[rates.delayDays?.median ?? null, rates.overTesting.numerator],
];
