import { useLanguage } from './language.js';

/** Names in one line, as the language of the reader separates them: `护士、护士长`. */
export function useJoined(): (names: readonly string[]) => string {
  const separator = useLanguage() === 'zh' ? '、' : ', ';
  return (names) => names.join(separator);
}
