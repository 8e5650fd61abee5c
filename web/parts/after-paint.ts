import { useEffect, useState } from 'react';

/** A component that is gone sooner costs nothing more: a person who holds a key down passes many. */
const AFTER_MS = 60;

/** False at first, and true when the component has been on the screen for a moment. */
export function useIsPainted(): boolean {
  const [isPainted, setIsPainted] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setIsPainted(true), AFTER_MS);
    return () => clearTimeout(timer);
  }, []);
  return isPainted;
}
