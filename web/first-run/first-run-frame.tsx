import type { ReactNode } from 'react';
import { Link } from '../routing/link.js';
import { useWords } from '../words/use-words.js';
import { firstRunWords } from './first-run-words.js';
import { addressOfStep, type Step, STEPS } from './steps.js';
import './first-run.css';

/** The five steps above the present one. Steps of a signed-in administrator can be opened in any order. */
export function FirstRunFrame({
  step,
  done,
  hasAccount,
  children,
}: {
  readonly step: Step;
  readonly done: readonly Step[];
  readonly hasAccount: boolean;
  readonly children: ReactNode;
}) {
  const words = useWords(firstRunWords);
  const mayOpen = (one: Step): boolean => hasAccount && one !== step && one !== 'hospital';
  return (
    <div className="first-run">
      <title>{words.title}</title>
      <header className="not-printed">
        <h1>{words.heading}</h1>
        <p className="quiet">{words.intro}</p>
        <ol className="first-run-steps" aria-label={words.stepsLabel}>
          {STEPS.map((one, at) => (
            <li
              key={one}
              className={done.includes(one) ? 'is-done' : undefined}
              aria-current={one === step ? 'step' : undefined}
            >
              <span className="first-run-number" aria-hidden="true">
                {done.includes(one) && one !== step ? '✓' : at + 1}
              </span>
              {mayOpen(one) ? <Link to={addressOfStep(one)}>{words.steps[one]}</Link> : words.steps[one]}
            </li>
          ))}
        </ol>
      </header>
      <section className="first-run-card">{children}</section>
    </div>
  );
}
