import { useState } from 'react';
import { EmptyState } from '../parts/empty-state.js';
import { TextField } from '../parts/field.js';
import { useLanguage } from '../words/language.js';
import { useWords } from '../words/use-words.js';
import { foundTasks } from './found-tasks.js';
import { helpWords } from './help-words.js';
import { TASK_PICTURES } from './task-pictures.js';
import './help-page.css';

/** What nurses do with the pages, one short task at a time. */
export default function HelpPage() {
  const words = useWords(helpWords);
  const language = useLanguage();
  const [typed, setTyped] = useState('');
  const tasks = Object.entries(words.tasks).map(([id, task]) => ({ id, ...task }));
  const found = foundTasks(tasks, typed);
  return (
    <div className="help-page">
      <title>{words.title}</title>
      <h1>{words.title}</h1>
      <search className="not-printed">
        <TextField label={words.find} value={typed} maxLength={50} onValue={setTyped} />
      </search>
      <p className="spoken" role="status">
        {words.found(found.length)}
      </p>
      {found.length === 0 && <EmptyState title={words.nothing}>{words.nothingHelp}</EmptyState>}
      <div className="help-tasks">
        {found.map(({ id, title, steps }) => (
          <section key={id} aria-labelledby={`help-${id}`}>
            <h2 id={`help-${id}`}>{title}</h2>
            <ol>
              {Object.entries(steps).map(([key, step]) => (
                <li key={key}>{step}</li>
              ))}
            </ol>
            <TaskPicture source={TASK_PICTURES[id]?.[language]} title={words.pictureOf(title)} />
          </section>
        ))}
      </div>
    </div>
  );
}

function TaskPicture({ source, title }: { readonly source: string | undefined; readonly title: string }) {
  if (source === undefined) return null;
  return (
    <a className="help-picture not-printed" href={source} target="_blank" rel="noreferrer">
      <img src={source} alt={title} width={1366} height={768} loading="lazy" />
    </a>
  );
}
