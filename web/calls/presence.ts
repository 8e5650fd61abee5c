import { useEffect } from 'react';
import { notePresence } from './patients.js';

/** The server shows it for a minute. */
const AGAIN_MS = 45_000;

/** Shows the other people of the ward that the reader works on this patient, for as long as the component is mounted. */
export function usePresence(patientId: string, mayCare: boolean): void {
  useEffect(() => {
    if (!mayCare) return;
    // Without an answer the name is missing for others, and nothing else.
    const note = (working: boolean): void => void notePresence(patientId, working).catch(() => undefined);
    note(true);
    const timer = setInterval(() => {
      if (!document.hidden) note(true);
    }, AGAIN_MS);
    return () => {
      clearInterval(timer);
      note(false);
    };
  }, [patientId, mayCare]);
}
