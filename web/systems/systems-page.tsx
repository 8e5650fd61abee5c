import { lazy, Suspense } from 'react';
import { useMe } from '../calls/me.js';
import { Busy } from '../parts/busy.js';
import { SectionPage } from '../parts/section-page.js';
import { Link } from '../routing/link.js';
import { useWords } from '../words/use-words.js';
import { EndpointsSection } from './endpoints-section.js';
import { systemsWords } from './systems-words.js';

const EndpointSection = lazy(() => import('./endpoint-section.js'));
const StatusSection = lazy(() => import('./status-section.js'));
const EventTypesSection = lazy(() => import('./event-types-section.js'));

/** Where hospital IT connects other systems: endpoints, deliveries, status. Head nurses see the status. */
export default function SystemsPage({
  section = '',
  id = '',
}: {
  readonly section?: string;
  readonly id?: string;
}) {
  const words = useWords(systemsWords);
  const isTechnician = useMe().roles.some((role) => role === 'hospital_admin' || role === 'integration');
  const shown = section === '' && !isTechnician ? 'status' : section;
  const sections = [
    ...(isTechnician ? [{ to: '/systems', name: '', text: words.endpoints }] : []),
    { to: '/systems/status', name: 'status', text: words.status },
    { to: '/systems/event-types', name: 'event-types', text: words.eventTypes },
  ];
  return (
    <SectionPage
      label={words.sections}
      links={
        <>
          <ul>
            {sections.map(({ to, name, text }) => (
              <li key={to}>
                <Link to={to} isCurrent={name === (shown === 'endpoints' ? '' : shown)}>
                  {text}
                </Link>
              </li>
            ))}
          </ul>
          <ul>
            <li>
              <a href="/status">{words.operatorPage}</a>
            </li>
            <li>
              <a href="/api/docs">{words.apiReference}</a>
            </li>
          </ul>
        </>
      }
    >
      <title>{words.title}</title>
      <Suspense fallback={<Busy text={words.loading} />}>
        {shown === 'status' ? (
          <StatusSection />
        ) : shown === 'event-types' ? (
          <EventTypesSection />
        ) : shown === 'endpoints' && id !== '' ? (
          <EndpointSection key={id} id={id} />
        ) : (
          <EndpointsSection />
        )}
      </Suspense>
    </SectionPage>
  );
}
