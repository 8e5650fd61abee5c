import { lazy, Suspense } from 'react';
import { useMe } from '../calls/me.js';
import { Busy } from '../parts/busy.js';
import { SectionPage } from '../parts/section-page.js';
import { Link } from '../routing/link.js';
import { useWords } from '../words/use-words.js';
import { EndpointsSection } from './endpoints-section.js';
import { groupsFor, sectionAddress, type SectionName, SECTIONS } from './sections.js';
import { systemsWords } from './systems-words.js';

const EndpointSection = lazy(() => import('./endpoint-section.js'));
const StatusSection = lazy(() => import('./status-section.js'));
const EventTypesSection = lazy(() => import('./event-types-section.js'));
const InboxSection = lazy(() => import('../exchange/inbox-section.js'));
const MessagesSection = lazy(() => import('../exchange/messages-section.js'));
const MappingsSection = lazy(() => import('../exchange/mappings-section.js'));
const SendersSection = lazy(() => import('../exchange/senders-section.js'));
const ExportsSection = lazy(() => import('../exchange/exports-section.js'));

/** Where hospital IT connects other systems, and where nurses and clinicians decide what those sent. */
export default function SystemsPage({
  section = '',
  id = '',
}: {
  readonly section?: string;
  readonly id?: string;
}) {
  const words = useWords(systemsWords);
  const groups = groupsFor(useMe().roles);
  const first = groups[0]?.sections[0];
  const shown = section === '' ? first : SECTIONS.find(({ name }) => name === section);
  return (
    <SectionPage
      label={words.sections}
      links={
        <>
          {groups.map(({ group, sections }) => (
            <div key={group}>
              <h2>{words.groups[group]}</h2>
              <ul>
                {sections.map(({ name, word }) => (
                  <li key={name}>
                    <Link to={sectionAddress(name)} isCurrent={name === shown?.name}>
                      {words[word]}
                    </Link>
                  </li>
                ))}
              </ul>
            </div>
          ))}
          {groups.some(({ group }) => group === 'running') && (
            <ul>
              <li>
                <a href="/status">{words.operatorPage}</a>
              </li>
              <li>
                <a href="/api/docs">{words.apiReference}</a>
              </li>
            </ul>
          )}
        </>
      }
    >
      <title>{words.title}</title>
      <Suspense fallback={<Busy text={words.loading} />}>
        <PresentSection name={shown?.name ?? 'endpoints'} id={id} />
      </Suspense>
    </SectionPage>
  );
}

function PresentSection({ name, id }: { readonly name: SectionName; readonly id: string }) {
  switch (name) {
    case 'status':
      return <StatusSection />;
    case 'event-types':
      return <EventTypesSection />;
    case 'inbox':
      return <InboxSection id={id} />;
    case 'messages':
      return <MessagesSection id={id} />;
    case 'mappings':
      return <MappingsSection />;
    case 'senders':
      return <SendersSection />;
    case 'exports':
      return <ExportsSection />;
    case 'endpoints':
      return id === '' ? <EndpointsSection /> : <EndpointSection key={id} id={id} />;
  }
}
