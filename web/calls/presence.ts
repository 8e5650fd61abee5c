import { useEffect } from 'react';
import { notePresence } from './patients.js';

/** The server shows it for a minute. */
const AGAIN_MS = 45_000;
/** A patient who is only passed on the way to another one is not worked on. */
const FIRST_MS = 400;

/** Shows the other people of the ward that the reader works on this patient, for as long as the component is mounted. */
export function usePresence(patientId: string, mayCare: boolean): void {
  useEffect(() => {
    if (!mayCare) return;
    // Without an answer the name is missing for others, and nothing else.
    const note = (working: boolean): void => void notePresence(patientId, working).catch(() => undefined);
    let isNoted = false;
    const noteWorking = (): void => {
      isNoted = true;
      note(true);
    };
    const first = setTimeout(noteWorking, FIRST_MS);
    const again = setInterval(() => {
      if (!document.hidden) noteWorking();
    }, AGAIN_MS);
    return () => {
      clearTimeout(first);
      clearInterval(again);
      if (isNoted) note(false);
    };
  }, [patientId, mayCare]);
}
