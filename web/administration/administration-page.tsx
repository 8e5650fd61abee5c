import { Suspense } from 'react';
import { useMe } from '../calls/me.js';
import { Busy } from '../parts/busy.js';
import { EmptyState } from '../parts/empty-state.js';
import { SectionPage } from '../parts/section-page.js';
import { Link } from '../routing/link.js';
import { useWords } from '../words/use-words.js';
import { administrationWords } from './administration-words.js';
import { GROUPS, sectionAddress, sectionsFor } from './sections.js';
import './administration.css';

/** Where administrators and head nurses set up the hospital. An address without a section shows the first one. */
export default function AdministrationPage({ section = '' }: { readonly section?: string }) {
  const words = useWords(administrationWords);
  const sections = sectionsFor(useMe().roles);
  const shown = section === '' ? sections[0] : sections.find(({ name }) => name === section);
  return (
    <SectionPage
      label={words.sections}
      links={GROUPS.map((group) => {
        const own = sections.filter((one) => one.group === group);
        return (
          own.length > 0 && (
            <div key={group}>
              <h2>{words.groups[group]}</h2>
              <ul>
                {own.map(({ name }) => (
                  <li key={name}>
                    <Link to={sectionAddress(name)} isCurrent={name === shown?.name}>
                      {words[name]}
                    </Link>
                  </li>
                ))}
                {group === 'work' && (
                  <li>
                    <Link to="/guideline">{words.guideline} ↗</Link>
                  </li>
                )}
              </ul>
            </div>
          )
        );
      })}
    >
      <title>{shown ? `${words[shown.name]} · ${words.title}` : words.title}</title>
      {shown ? (
        <Suspense fallback={<Busy text={words.loading} />}>
          <shown.Part />
        </Suspense>
      ) : (
        <EmptyState title={words.notForYou} />
      )}
    </SectionPage>
  );
}
