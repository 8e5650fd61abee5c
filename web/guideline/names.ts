import { useQuery } from '@tanstack/react-query';
import { eventTypesQuery, type Guideline } from '../calls/guidelines.js';
import { nameOf } from '../calls/guidelines.js';
import { activitiesQuery } from '../calls/ward.js';
import { useLanguage } from '../words/language.js';
import { useWords } from '../words/use-words.js';
import { RuleText } from './rule-text.js';
import { ruleWords } from './rule-words.js';

/** The rules of this guideline in words, in the language of the reader. */
export function useRuleText(guideline: Guideline): RuleText {
  const language = useLanguage();
  const words = useWords(ruleWords);
  const { data: activities } = useQuery(activitiesQuery);
  const { data: types } = useQuery(eventTypesQuery(nameOf(guideline)));
  const fieldOf = (type: string, name: string) => {
    const fields = (types?.items ?? [])
      .filter((one) => type === '' || one.type === type)
      .flatMap((one) => one.fields);
    return fields.find((field) => field.name === name);
  };
  return new RuleText(words, {
    activity: (code) =>
      guideline.activities?.[code]?.title[language] ??
      activities?.items.find((one) => one.code === code)?.title[language] ??
      code,
    event: (type) => types?.items.find((one) => one.type === type)?.title[language] ?? type,
    field: (type, name) => fieldOf(type, name)?.title[language] ?? name,
    value: (type, name, value) =>
      fieldOf(type, name)?.values?.find((one) => one.value === value)?.title[language] ?? value,
  });
}
