import type { Language } from '../../guideline/guideline.js';
import { invalid } from '../../platform/domain-error.js';
import { msg } from '../../platform/messages/dictionary.js';
import type { Adherence } from '../../statistics/adherence.service.js';
import { type Figures, noShows, percentOf } from '../../statistics/figures.js';
import { word } from '../../statistics/inspection-table.js';
import { ITEM_OUTCOMES } from '../../statistics/item-outcome.js';
import { pseudonymous, type ResearchRow } from '../../statistics/research-dates.service.js';
import type { Table, TableValue } from '../../statistics/table.js';

/** Rows of one file: a longer one would fill the memory of the program. */
export const MOST_RESEARCH_ROWS = 20_000;

/** The groups of the figures, and the total in the last row. */
export function adherenceTable({ figures, labels, by, period }: Adherence, language: Language): Table {
  const say = (key: Parameters<typeof word>[0]): string => word(key, language);
  const row = (label: string, of: Figures): TableValue[] => [
    ...[label, of.due, ...ITEM_OUTCOMES.map((outcome) => of.items[outcome]), of.excused],
    ...[of.adherence, of.completion, of.underTesting, of.overTesting].flatMap((share) => [
      ...[share.numerator, share.denominator, percentOf(share)],
    ]),
    ...[
      of.delayDays?.lowerQuartile ?? null,
      of.delayDays?.median ?? null,
      of.delayDays?.upperQuartile ?? null,
    ],
    percentOf(noShows(of)),
  ];
  const shares = (['adherence', 'completion', 'under-testing', 'over-testing'] as const).flatMap((key) => [
    ...[`${say(key)}: ${say('numerator')}`, `${say(key)}: ${say('denominator')}`, `${say(key)} %`],
  ]);
  return {
    name: `${by} ${period.from}`,
    columns: [
      ...[say('group'), say('due'), ...ITEM_OUTCOMES.map((outcome) => say(`outcome-${outcome}`))],
      ...[say('excused'), ...shares, `${say('median-delay')} (25 %)`, say('median-delay')],
      ...[`${say('median-delay')} (75 %)`, `${say('no-shows')} %`],
    ],
    rows: [
      ...figures.groups.map(({ key, figures: of }) => row(labels(key, language) ?? say('none'), of)),
      row(say('total'), figures.total),
    ],
  };
}

/** Column names as statistical software reads them: the same in every language. */
export function researchTable(rows: readonly ResearchRow[], isPseudonymous: boolean): Table {
  const name = 'survival';
  if (isPseudonymous)
    return {
      ...{ name, columns: PSEUDONYMOUS_COLUMNS },
      rows: rows
        .map(pseudonymous)
        .map((row) => [
          ...[row.pseudonym, row.sex, row.ageAtDiagnosis, row.diagnosisYear, row.lastKnownAliveDay],
          ...[row.overall.days, Number(row.overall.status === 'event')],
          ...(row.recurrenceFree
            ? [
                row.recurrenceFree.days,
                Number(row.recurrenceFree.status === 'event'),
                row.recurrenceFree.event,
              ]
            : [null, null, null]),
        ]),
    };
  return {
    ...{ name, columns: COLUMNS },
    rows: rows.map(({ mrn, pseudonym, sex, birthDate, diagnosisDate, dates }) => [
      ...[mrn, pseudonym, sex, birthDate, diagnosisDate, dates.lastKnownAliveOn, dates.diedOn],
      ...[dates.overall.date, Number(dates.overall.status === 'event')],
      ...(dates.recurrenceFree
        ? [
            ...[dates.recurrenceFree.from, dates.recurrenceFree.date],
            ...[Number(dates.recurrenceFree.status === 'event'), dates.recurrenceFree.event],
          ]
        : [null, null, null, null]),
    ]),
  };
}

const COLUMNS = [
  ...['mrn', 'pseudonym', 'sex', 'birth_date', 'diagnosis_date', 'last_known_alive', 'death_date'],
  ...['os_date', 'os_event', 'rfs_from', 'rfs_date', 'rfs_event', 'rfs_event_type'],
];
const PSEUDONYMOUS_COLUMNS = [
  ...['pseudonym', 'sex', 'age_at_diagnosis', 'diagnosis_year', 'last_known_alive_day'],
  ...['os_days', 'os_event', 'rfs_days', 'rfs_event', 'rfs_event_type'],
];

/** Refuses (422) more rows than a file can have. */
export function refuseTooManyRows(rows: readonly unknown[]): void {
  if (rows.length <= MOST_RESEARCH_ROWS) return;
  const message = msg('research-file-too-long', { limit: MOST_RESEARCH_ROWS });
  throw invalid('file-too-long', message, []);
}
