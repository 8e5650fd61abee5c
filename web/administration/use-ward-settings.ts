import { useQuery } from '@tanstack/react-query';
import { useChange } from '../calls/change.js';
import { useMe } from '../calls/me.js';
import { type NewWardSettings, replaceWardSettings, wardSettingsQuery } from '../calls/ward-settings.js';
import { useWords } from '../words/use-words.js';
import { administrationWords } from './administration-words.js';

/** The settings of the ward. A section saves its part; the others are sent as they were read. */
export function useWardSettings() {
  const frame = useWords(administrationWords);
  const mayChange = useMe().roles.some((role) => role === 'head_nurse' || role === 'hospital_admin');
  const { data, error, refetch } = useQuery({ ...wardSettingsQuery, refetchOnWindowFocus: false });
  const saving = useChange(
    (part: Partial<NewWardSettings>) => replaceWardSettings({ ...data?.answer, ...part }, data?.etag),
    { reads: [['worklist-settings'], ['lists']], done: frame.saved },
  );
  return { settings: data?.answer, error, refetch, saving, mayChange };
}
