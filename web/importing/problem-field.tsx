import { useQuery } from '@tanstack/react-query';
import { useId } from 'react';
import { importFieldsQuery, type ImportReport } from '../calls/imports.js';
import { Button } from '../parts/button.js';
import { Chip } from '../parts/chip.js';
import { textOf } from '../words/dictionary.js';
import { useLanguage } from '../words/language.js';
import { useWords } from '../words/use-words.js';
import type { Draft } from './draft.js';
import { codesInWords } from './field-choices.js';
import { importSession } from './import-session.js';
import { importingWords } from './importing-words.js';
import { alike, inWords, isDateField, lastDayOf, monthAmong, type RowProblem } from './row-problems.js';

/** A question about one cell, with the answers that are likely and a field for any other. */
export function ProblemField({
  problem: { key, message, field = '', question, answerOf },
  draft,
  report,
  isAnswered,
}: {
  readonly problem: RowProblem;
  readonly draft: Draft;
  readonly report: ImportReport;
  readonly isAnswered: boolean;
}) {
  const words = useWords(importingWords);
  const language = useLanguage();
  const { data } = useQuery(importFieldsQuery(draft.kind));
  const id = useId();
  const value = draft.answers[key]?.value ?? '';
  const answers = question?.answers ?? [];
  const month = monthAmong(answers);
  const same = question ? alike(report, question).filter(({ id: other }) => !draft.answers[other]) : [];
  const give = (given: string): void => importSession.answer(key, answerOf?.(given));
  const chosen = answers.filter((answer) => !answer.endsWith('…'));
  const answerWords = Object.fromEntries(chosen.map((answer) => [answer, textOf(words.answers, answer)]));
  const isChosenOnly = field === 'person';
  return (
    <div className="row-problem">
      <p id={id}>
        {inWords(message, { ...codesInWords(data?.items ?? [], field, language), ...answerWords })}
      </p>
      {answerOf && (
        <div className="row-answer">
          {chosen.map((answer) => (
            <Button
              key={answer}
              aria-pressed={isAnswered && value === answer}
              aria-describedby={id}
              onClick={() => give(answer)}
            >
              {textOf(words.answers, answer)}
            </Button>
          ))}
          {!isChosenOnly && (
            <label className="row-answer-field">
              <span className="quiet small">{words.correct}</span>
              <input
                type={isDateField(field) ? 'date' : 'text'}
                aria-describedby={id}
                {...(month !== undefined && { min: `${month}-01`, max: lastDayOf(month) })}
                value={value}
                onChange={({ target }) => give(target.value)}
              />
            </label>
          )}
          {question && !isChosenOnly && question.code !== 'required' && (
            <Button kind="quiet" aria-describedby={id} onClick={() => give('')}>
              {words.leaveOut}
            </Button>
          )}
          {isAnswered && (
            <>
              <Chip tone="done">{value === '' ? words.emptyMeansLeftOut : words.answered}</Chip>
              <Button kind="quiet" onClick={() => importSession.answer(key, undefined)}>
                {words.takeBack}
              </Button>
            </>
          )}
          {isAnswered && same.length > 0 && (
            <Button
              onClick={() => {
                for (const other of same) importSession.answer(other.id, { id: other.id, value });
              }}
            >
              {words.alike(same.length)}
            </Button>
          )}
        </div>
      )}
    </div>
  );
}
