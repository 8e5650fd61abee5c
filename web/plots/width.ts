import { type RefCallback, useCallback, useState } from 'react';

/** The width of an element in pixels, also after the window has changed; 0 until it is known or while it is hidden. */
export function useWidth<Measured extends HTMLElement>(): readonly [RefCallback<Measured>, number] {
  const [width, setWidth] = useState(0);
  const ref = useCallback((element: Measured | null) => {
    if (element === null) return;
    const observer = new ResizeObserver(() => {
      if (element.clientWidth > 0) setWidth(element.clientWidth);
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return [ref, width];
}
