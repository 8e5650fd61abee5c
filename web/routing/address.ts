/** The parameters of an address, by name. */
export type Parameters = Readonly<Record<string, string | number | undefined>>;

/** Where the browser is: `/worklist?list=overdue#search`. */
export interface Place {
  readonly path: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly hash: string;
}

export function readAddress(address: string): Place {
  const { pathname, searchParams, hash } = new URL(address, 'http://page');
  return { path: pathname, parameters: Object.fromEntries(searchParams), hash: hash.slice(1) };
}

/** An address without the parameters that are undefined or empty. */
export function writeAddress(path: string, parameters: Parameters = {}, hash = ''): string {
  const written = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters))
    if (value !== undefined && value !== '') written.set(name, String(value));
  const search = written.toString();
  return `${path}${search === '' ? '' : `?${search}`}${hash === '' ? '' : `#${hash}`}`;
}

/** What the parts of the path say, such as `id` of `/patients/:id`; undefined where the path has another form. */
export function matchPath(form: string, path: string): Readonly<Record<string, string>> | undefined {
  const [wanted, given] = [form, path].map((one) => one.replace(/\/$/, '').split('/'));
  if (wanted?.length !== given?.length) return undefined;
  const found: Record<string, string> = {};
  for (const [place, part] of (wanted ?? []).entries()) {
    const value = given?.[place] ?? '';
    if (part.startsWith(':')) found[part.slice(1)] = decodeURIComponent(value);
    else if (part !== value) return undefined;
  }
  return found;
}
