import { Suspense } from 'react';
import { useToday } from '../calls/me.js';
import { useCommands } from '../commands/commands.js';
import { Busy } from '../parts/busy.js';
import { onDemand } from '../routing/on-demand.js';
import { goTo, usePlace } from '../routing/place.js';
import { Tabs } from '../routing/tabs.js';
import { useWords } from '../words/use-words.js';
import { FiguresView } from './figures-view.js';
import { PeriodBar } from './period-bar.js';
import { shifted } from './periods.js';
import {
  readStatisticsAddress,
  type StatisticsAddress,
  statisticsAddressOf,
  TABS,
} from './statistics-address.js';
import { statisticsWords } from './statistics-words.js';
import './statistics-page.css';

const MonthsView = onDemand(() => import('./months-view.js'));
const ReportsView = onDemand(() => import('./reports-view.js'));

/** How much of what fell due was done: figures that open to their patients, months, and reports for inspections. */
export default function StatisticsPage() {
  const words = useWords(statisticsWords);
  const address = readStatisticsAddress(usePlace().parameters, useToday());
  const go = (change: Partial<StatisticsAddress>): void =>
    goTo(statisticsAddressOf({ ...address, ...change }), { replace: 'measure' in change });
  const move = (by: 1 | -1): void => go({ ...shifted(address, by), measure: undefined, group: undefined });
  const group = words.group;
  useCommands([
    { id: 'earlier', title: words.commands.earlier, group, keys: ['['], run: () => move(-1) },
    { id: 'later', title: words.commands.later, group, keys: [']'], run: () => move(1) },
    { id: 'print', title: words.commands.print, group, keys: ['p'], run: () => window.print() },
    {
      ...{ id: 'close', title: words.close, group, keys: ['escape'], isKeyOnly: true },
      run: () => go({ measure: undefined, group: undefined }),
    },
  ]);
  return (
    <div className="statistics-page">
      <title>{`${words.tabs[address.tab]} · ${words.title}`}</title>
      <header className="statistics-head">
        <h1>{words.title}</h1>
        <Tabs
          label={words.title}
          tabs={TABS.map((tab) => ({
            to: statisticsAddressOf({ ...address, tab, measure: undefined, group: undefined }),
            text: words.tabs[tab],
            isCurrent: tab === address.tab,
          }))}
        />
      </header>
      {address.tab !== 'reports' && <PeriodBar {...{ address, go, move }} />}
      <Suspense fallback={<Busy text={words.loading} />}>
        {address.tab === 'figures' && <FiguresView {...{ address, go }} />}
        {address.tab === 'months' && <MonthsView {...{ address, go }} />}
        {address.tab === 'reports' && <ReportsView />}
      </Suspense>
    </div>
  );
}
