import { get, type Query } from './http.js';

interface Page<Item> {
  readonly items: readonly Item[];
  readonly nextCursor: string | null;
}

const PAGE = 500;

/** All rows of a list that has some hundred at most, such as the people of a hospital. */
export async function allOf<Item>(path: string, query: Query = {}, signal?: AbortSignal): Promise<Item[]> {
  const found: Item[] = [];
  let cursor: string | undefined;
  do {
    const page: Page<Item> = await get(path, { limit: PAGE, ...query, cursor }, signal);
    found.push(...page.items);
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
  return found;
}
