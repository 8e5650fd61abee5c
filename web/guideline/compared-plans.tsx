import { useState } from 'react';
import type { Comparison } from '../calls/guidelines.js';
import { Chip } from '../parts/chip.js';
import { Choices } from '../parts/choices.js';
import { Notice } from '../parts/notice.js';
import { addDays, dayText, daysFrom, distanceText } from '../words/dates.js';
import { textOf } from '../words/dictionary.js';
import { useLanguage } from '../words/language.js';
import { useWords } from '../words/use-words.js';
import { itemWords } from '../items/item-words.js';
import { compareWords } from './compare-words.js';
import './compared-plans.css';

type Plan = Comparison['guidelines'][number];

const NEAR_DAYS = 3 * 365;

/** These stay to be done, however long ago they were due. */
const OPEN: readonly string[] = ['overdue', 'due'];

const TONES = { overdue: 'late', due: 'warning', completed: 'done' } as const;

/** The plans of one patient beside each other: where their next dates differ, then every date with its reason. */
export function ComparedPlans({ comparison }: { readonly comparison: Comparison }) {
  const words = useWords(compareWords);
  const [span, setSpan] = useState('near');
  const { asOf, guidelines } = comparison;
  const isShown = ({ due, status }: Plan['items'][number]): boolean =>
    span === 'all' || ((due >= asOf || OPEN.includes(status)) && due <= addDays(asOf, NEAR_DAYS));
  return (
    <>
      <Differences comparison={comparison} />
      <section className="compared-plans">
        <header>
          <h2>{words.plans}</h2>
          <Choices
            label={words.span}
            value={span}
            options={(['near', 'all'] as const).map((value) => ({ value, text: words.spans[value] }))}
            onValue={setSpan}
          />
        </header>
        <div className="compared-columns">
          {guidelines.map((plan) => (
            <PlanColumn key={`${plan.id}@${plan.version}`} plan={plan} items={plan.items.filter(isShown)} />
          ))}
        </div>
      </section>
    </>
  );
}

function Differences({ comparison: { asOf, guidelines, differences } }: { readonly comparison: Comparison }) {
  const words = useWords(compareWords);
  const language = useLanguage();
  if (guidelines.length < 2) return null;
  return (
    <section className="compared-differences">
      <h2>{words.differences}</h2>
      {differences.length === 0 ? (
        <p role="status">{words.noDifferences}</p>
      ) : (
        <div className="scrolled" tabIndex={0} role="group" aria-label={words.differences}>
          <table aria-label={words.differences}>
            <thead>
              <tr>
                <th scope="col">{words.activity}</th>
                {guidelines.map(({ id, version, title }) => (
                  <th key={`${id}@${version}`} scope="col">
                    {title} {version}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {differences.map(({ activity, title, next }) => (
                <tr key={activity}>
                  <th scope="row">{title}</th>
                  {next.map((day, place) => (
                    <td key={place}>
                      {day === null ? (
                        <span className="quiet">{words.askedNot}</span>
                      ) : (
                        <>
                          {dayText(day, language)}{' '}
                          <span className="quiet small">{distanceText(daysFrom(asOf, day), language)}</span>
                        </>
                      )}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}

function PlanColumn({ plan, items }: { readonly plan: Plan; readonly items: Plan['items'] }) {
  const words = useWords(compareWords);
  const statuses = useWords(itemWords).status;
  const language = useLanguage();
  return (
    <section className="plan-column">
      <h3>
        {plan.title} <span className="quiet small">{plan.version}</span>
      </h3>
      {plan.caution !== null && <Notice tone="warning">{plan.caution}</Notice>}
      {plan.flags.map(({ code, message }) => (
        <Notice key={code}>{message}</Notice>
      ))}
      {items.length === 0 && (
        <p className="quiet">{plan.items.length === 0 ? words.noPlan : words.noItems}</p>
      )}
      {items.length > 0 && <p className="quiet small">{words.items(items.length)}</p>}
      <ol>
        {items.map((item) => (
          <li key={`${item.rule} ${item.due}`}>
            <details>
              <summary>
                <time dateTime={item.due}>{dayText(item.due, language)}</time> <span>{item.title}</span>
                {item.status !== 'upcoming' && (
                  <Chip tone={toneOf(item.status)}>{textOf(statuses, item.status)}</Chip>
                )}
              </summary>
              <p className="small">{item.reason}</p>
            </details>
          </li>
        ))}
      </ol>
    </section>
  );
}

const toneOf = (status: string): 'plain' | 'late' | 'warning' | 'done' =>
  status in TONES ? TONES[status as keyof typeof TONES] : 'plain';
