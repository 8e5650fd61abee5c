import { useQuery } from '@tanstack/react-query';
import { errorOf } from '../calls/problem.js';
import { measurementsQuery } from '../calls/ward.js';
import { Choices } from '../parts/choices.js';
import { TextField } from '../parts/field.js';
import { useLanguage } from '../words/language.js';
import { useWords } from '../words/use-words.js';
import type { PolicyPart } from './policy-form.js';
import { RISE_NUMBERS } from './policy-patch.js';
import { policyWords } from './policy-words.js';

/** From when on a measured value has to be judged: above its limit, or risen within it. */
export function LimitFields({ typed, put, error }: PolicyPart) {
  const words = useWords(policyWords);
  const language = useLanguage();
  const { data } = useQuery(measurementsQuery);
  const { limits, rises } = typed;
  return (
    <details>
      <summary>{words.limits}</summary>
      <p className="quiet small">{words.limitsHelp}</p>
      <div className="policy-fields">
        {data?.items.map(({ code, title, unit, referenceLimit }) => (
          <TextField
            key={code}
            type="number"
            step="any"
            min={referenceLimit.from}
            max={referenceLimit.to}
            label={words.limit(title[language], unit)}
            placeholder={words.usualLimit(referenceLimit.limit)}
            error={errorOf(error, `policy/referenceLimits/${code}`)}
            value={limits[code] ?? ''}
            onValue={(limit) => put({ limits: { ...limits, [code]: limit } })}
          />
        ))}
      </div>
      <Choices
        label={words.rises}
        value={rises.isJudged ? 'yes' : 'no'}
        options={(['yes', 'no'] as const).map((value) => ({ value, text: words.judged[value] }))}
        onValue={(value) => put({ rises: { ...rises, isJudged: value === 'yes' } })}
      />
      {rises.isJudged && (
        <div className="policy-fields">
          {RISE_NUMBERS.map((name) => (
            <TextField
              key={name}
              type="number"
              min={0}
              label={words.rise[name]}
              error={errorOf(error, `policy/rises/${name}`)}
              value={rises[name]}
              onValue={(number) => put({ rises: { ...rises, [name]: number } })}
            />
          ))}
        </div>
      )}
    </details>
  );
}
