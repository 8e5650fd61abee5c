import { TextArea } from '../parts/field.js';
import { useWords } from '../words/use-words.js';
import { type Both, isHalf } from './both-languages.js';
import { textWords } from './text-words.js';

/** A text of the hospital in Chinese and in English, beside each other. */
export function BothFields({
  label,
  value,
  longest,
  rows = 3,
  isDisabled,
  onValue,
}: {
  readonly label: string;
  readonly value: Both;
  readonly longest: number;
  readonly rows?: number;
  readonly isDisabled: boolean;
  readonly onValue: (value: Both) => void;
}) {
  const words = useWords(textWords);
  const error = isHalf(value) ? words.bothOrNone : undefined;
  return (
    <div className="fields-row">
      {(['zh', 'en'] as const).map((language) => (
        <TextArea
          key={language}
          label={`${label} · ${language === 'zh' ? words.chinese : words.english}`}
          error={value[language].trim() === '' ? error : undefined}
          lang={language === 'zh' ? 'zh-CN' : 'en'}
          rows={rows}
          maxLength={longest}
          disabled={isDisabled}
          value={value[language]}
          onValue={(text) => onValue({ ...value, [language]: text })}
        />
      ))}
    </div>
  );
}
