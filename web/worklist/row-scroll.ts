export const ROW_PX = 38;

/**
 * Where to scroll so that a row is visible below the head, which covers the height of one row; undefined: it is visible.
 * `offset` and `height` are those of the scrolled part.
 */
export function scrollTopFor(place: number, offset: number, height: number): number | undefined {
  const start = place * ROW_PX;
  if (start < offset) return start;
  const bottom = start + 2 * ROW_PX; // the head and the row itself
  return bottom > offset + height ? bottom - height : undefined;
}
