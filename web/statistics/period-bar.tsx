import { useToday } from '../calls/me.js';
import { exportAddress } from '../calls/statistics.js';
import { Button } from '../parts/button.js';
import { SelectField, TextField } from '../parts/field.js';
import { useLanguage } from '../words/language.js';
import { useWords } from '../words/use-words.js';
import { type ComparedWith, COMPARISONS, periodOf, SHORTCUTS } from './periods.js';
import { DIMENSIONS, type StatisticsAddress } from './statistics-address.js';
import { statisticsWords } from './statistics-words.js';
import './period-bar.css';

const FORMATS = ['xlsx', 'csv'] as const;

/** Of which time, by what, and compared with what; and the figures on paper or as a file. */
export function PeriodBar({
  address,
  go,
  move,
}: {
  readonly address: StatisticsAddress;
  readonly go: (change: Partial<StatisticsAddress>) => void;
  readonly move: (by: 1 | -1) => void;
}) {
  const words = useWords(statisticsWords);
  const language = useLanguage();
  const today = useToday();
  const { from, to, by, compare } = address;
  const anew = (change: Partial<StatisticsAddress>): void =>
    go({ ...change, measure: undefined, group: undefined });
  const days = (change: { readonly from?: string; readonly to?: string }): void => {
    const period = { from, to, ...change };
    if (period.from !== '' && period.to !== '' && period.from <= period.to) anew(period);
  };
  return (
    <div className="period-bar not-printed">
      <Button aria-label={words.earlier} title={words.earlier} hint="[" onClick={() => move(-1)}>
        ‹
      </Button>
      <TextField
        key={`from ${from}`}
        type="date"
        label={words.from}
        defaultValue={from}
        max={to}
        onValue={(day) => days({ from: day })}
      />
      <TextField
        key={`to ${to}`}
        type="date"
        label={words.to}
        defaultValue={to}
        min={from}
        onValue={(day) => days({ to: day })}
      />
      <Button aria-label={words.later} title={words.later} hint="]" onClick={() => move(1)}>
        ›
      </Button>
      <div className="period-shortcuts">
        {SHORTCUTS.map((shortcut) => {
          const period = periodOf(shortcut, today);
          const isChosen = period.from === from && period.to === to;
          return (
            <Button key={shortcut} kind="quiet" aria-pressed={isChosen} onClick={() => anew(period)}>
              {words.shortcuts[shortcut]}
            </Button>
          );
        })}
      </div>
      <SelectField
        label={words.by}
        value={by}
        options={DIMENSIONS.map((value) => ({ value, text: words.bys[value] }))}
        onValue={(value) => anew({ by: value as StatisticsAddress['by'] })}
      />
      {address.tab === 'figures' && (
        <SelectField
          label={words.compare}
          value={compare}
          options={COMPARISONS.map((value) => ({ value, text: words.comparisons[value] }))}
          onValue={(value) => go({ compare: value as ComparedWith })}
        />
      )}
      <div className="period-files">
        {FORMATS.map((format) => (
          <a
            key={format}
            className="button button-plain"
            href={exportAddress({ from, to }, by, format, language)}
            download
          >
            {words.exportAs(format.toUpperCase())}
          </a>
        ))}
        <Button hint="p" onClick={() => window.print()}>
          {words.print}
        </Button>
      </div>
    </div>
  );
}
