import { type ComponentType, lazy, useEffect } from 'react';
import { useMe } from '../calls/me.js';
import { matchPath } from '../routing/address.js';
import { goTo, usePlace } from '../routing/place.js';
import { NoSuchPage } from './no-such-page.js';

interface Route {
  /** `/patients/:id`: the page gets `id`. */
  readonly path: string;
  readonly Page: ComponentType<Readonly<Record<string, string>>>;
}

// Loaded while the session is being read, because most people begin here.
const worklist = import('../worklist/worklist-page.js');

const systems = lazy(() => import('../systems/systems-page.js'));
const administration = lazy(() => import('../administration/administration-page.js'));

/** A screen is one route here, one line in navigation.ts, and a room of its own, which is loaded when it is opened. */
const ROUTES: readonly Route[] = [
  { path: '/', Page: Home },
  { path: '/worklist', Page: lazy(() => worklist) },
  { path: '/systems', Page: systems },
  { path: '/systems/:section', Page: systems },
  { path: '/systems/:section/:id', Page: systems },
  { path: '/administration', Page: administration },
  { path: '/administration/:section', Page: administration },
  { path: '/account', Page: lazy(() => import('../account/account-page.js')) },
  { path: '/first-run', Page: lazy(() => import('../first-run/first-run-page.js')) },
  { path: '/import', Page: lazy(() => import('../import/import-page.js')) },
  { path: '/patients/:id', Page: lazy(() => import('../patient/patient-page.js')) },
  { path: '/statistics', Page: lazy(() => import('../statistics/statistics-page.js')) },
  { path: '/guideline', Page: lazy(() => import('../guideline/guideline-page.js')) },
  { path: '/calendar', Page: lazy(() => import('../calendar/calendar-page.js')) },
  { path: '/calls', Page: lazy(() => import('../call-mode/call-mode-page.js')) },
  { path: '/help', Page: lazy(() => import('../help/help-page.js')) },
  { path: '/parts', Page: lazy(() => import('../gallery/gallery-page.js')) },
];

/** The page of the present address. */
export function PresentPage() {
  const { path } = usePlace();
  for (const { path: form, Page } of ROUTES) {
    const parameters = matchPath(form, path);
    if (parameters) return <Page {...parameters} />;
  }
  return <NoSuchPage />;
}

/** The worklist; for the administrator of a hospital that is not set up yet, the first run. */
function Home() {
  const { hospital, roles } = useMe();
  const isFirstRun = !hospital.isSetUp && roles.includes('hospital_admin');
  useEffect(() => goTo(isFirstRun ? '/first-run' : '/worklist', { replace: true }), [isFirstRun]);
  return null;
}
