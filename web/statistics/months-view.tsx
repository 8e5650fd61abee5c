import { useQuery } from '@tanstack/react-query';
import { Failure } from '../calls/failure.js';
import { useMe } from '../calls/me.js';
import { monthsQuery } from '../calls/statistics.js';
import { Busy } from '../parts/busy.js';
import { SelectField } from '../parts/field.js';
import { EmptyState } from '../parts/empty-state.js';
import { Notice } from '../parts/notice.js';
import { instantText } from '../words/dates.js';
import { useLanguage } from '../words/language.js';
import { useWords } from '../words/use-words.js';
import { FIGURES, type FigureName, targetOf } from './figures.js';
import { MonthPlot } from './month-plot.js';
import { largestGroups, seriesOf } from './series.js';
import type { StatisticsAddress } from './statistics-address.js';
import { statisticsWords } from './statistics-words.js';
import './months-view.css';

/** Plots of single groups; more would be too small to compare. */
const GROUPS_DRAWN = 9;

/** One figure over twelve months: of all, and of each of the largest groups on the same scale. */
export default function MonthsView({
  address,
  go,
}: {
  readonly address: StatisticsAddress;
  readonly go: (change: Partial<StatisticsAddress>) => void;
}) {
  const words = useWords(statisticsWords);
  const language = useLanguage();
  const { timeZone } = useMe().hospital;
  const month = address.to.slice(0, 7);
  const { data, error, refetch } = useQuery(monthsQuery(month, address.by, language));
  const figure = FIGURES.find(({ name }) => name === address.figure) ?? FIGURES[0];
  if (!figure) return null;
  const target = data && targetOf(data.gauge, figure.name);
  const total = data && seriesOf(data, figure);
  const groups = data ? largestGroups(data, figure) : [];
  const nightly = data?.months.find(({ computed }) => computed === 'nightly');
  return (
    <div className="statistics-body months-view">
      <Failure error={error} onRetry={() => void refetch()} />
      <div className="not-printed">
        <SelectField
          label={words.figure}
          value={figure.name}
          options={FIGURES.map(({ name }) => ({ value: name, text: words.figures[name] }))}
          onValue={(name) => go({ figure: name as FigureName })}
        />
      </div>
      <p className="quiet small">{words.definitions[figure.name]}</p>
      {nightly && <Notice title={words.nightly(instantText(nightly.computedAt, timeZone))} />}
      {!data && error === null && <Busy text={words.loading} />}
      {total &&
        (total.every(({ share }) => share === null || share.denominator === 0) ? (
          <EmptyState title={words.noMonths} />
        ) : (
          <MonthPlot
            label={`${words.figures[figure.name]} · ${words.ofHospital} · ${words.monthsTo(month)}`}
            {...{ figure, target }}
            series={total}
            height={240}
          />
        ))}
      {data && groups.length === 0 && <p className="quiet">{words.notByGroup}</p>}
      {groups.length > 0 && (
        <h2>
          {words.groupsBy(words.bys[address.by])} <span className="quiet small">{words.referenceLine}</span>
        </h2>
      )}
      {total && (
        <div className="month-plots">
          {groups.slice(0, GROUPS_DRAWN).map(({ key, label, series }) => (
            <MonthPlot
              key={key ?? ''}
              label={label ?? key ?? words.noGroup}
              {...{ figure, target, series }}
              reference={total}
              height={150}
            />
          ))}
        </div>
      )}
      {groups.length > GROUPS_DRAWN && (
        <p className="quiet small">{words.othersNotShown(groups.length - GROUPS_DRAWN)}</p>
      )}
    </div>
  );
}
