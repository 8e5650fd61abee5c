import { instantText } from '../words/dates.js';
import { useMe } from './me.js';

/** Writes instants as the clock of the hospital shows them. */
export function useInstant(): (instant: string) => string {
  const { timeZone } = useMe().hospital;
  return (instant) => instantText(instant, timeZone);
}
