import { type GuidelineSummary, nameOf } from '../calls/guidelines.js';
import { Chip } from '../parts/chip.js';
import { Link } from '../routing/link.js';
import { useLanguage } from '../words/language.js';
import { useWords } from '../words/use-words.js';
import { guidelineAddressOf } from './guideline-address.js';
import { guidelineWords } from './guideline-words.js';
import './guideline-list.css';

/** All versions, the one in force first, then the newest: published ones, then those of the hospital. */
export function GuidelineList({
  guidelines,
  chosen,
  inForce,
}: {
  readonly guidelines: readonly GuidelineSummary[];
  readonly chosen: string;
  readonly inForce: string;
}) {
  const words = useWords(guidelineWords);
  const language = useLanguage();
  const isFirst = (one: GuidelineSummary): number => Number(nameOf(one) === inForce);
  const newestFirst = [...guidelines].reverse().sort((a, b) => isFirst(b) - isFirst(a));
  const groups = [
    { title: words.published, entries: newestFirst.filter(({ origin }) => origin !== 'hospital') },
    { title: words.ofHospital, entries: newestFirst.filter(({ origin }) => origin === 'hospital') },
  ];
  return (
    <nav className="guideline-list not-printed" aria-label={words.versions}>
      {groups.map(({ title, entries }) => (
        <section key={title}>
          <h2>{title}</h2>
          {entries.length === 0 && (
            <p className="quiet small">
              {words.noOwn} · <Link to={guidelineAddressOf({ tab: 'file' })}>{words.toUpload}</Link>
            </p>
          )}
          <ul>
            {entries.map((one) => (
              <li key={nameOf(one)}>
                <Link
                  to={guidelineAddressOf({ tab: 'rules', guideline: nameOf(one) })}
                  isCurrent={nameOf(one) === chosen}
                >
                  <span>{one.title[language]}</span>
                  <span className="quiet small">{one.version}</span>
                  {nameOf(one) === inForce && <Chip tone="done">{words.inForce}</Chip>}
                </Link>
              </li>
            ))}
          </ul>
        </section>
      ))}
    </nav>
  );
}
