import { type ComponentType, lazy, useEffect } from 'react';
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

/** A screen is one route here, one line in navigation.ts, and a room of its own, which is loaded when it is opened. */
const ROUTES: readonly Route[] = [
  { path: '/', Page: Home },
  { path: '/worklist', Page: lazy(() => worklist) },
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

function Home() {
  useEffect(() => goTo('/worklist', { replace: true }), []);
  return null;
}
