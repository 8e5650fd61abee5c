/** Addresses outside `/api/v1` whose calls are in the table of rights by their whole path. */
const OTHER_STANDARDS = ['/fhir', '/cds-services'];
const PREFIX = '/api/v1';

/**
 * The call of a route in the notation of the table of rights: `GET /patients/:id` for `/api/v1/patients/:id`, and
 * `GET /fhir/Patient/:id`. Undefined for any other address, such as a page.
 */
export function callAt(method: string, url: string): string | undefined {
  const verb = method === 'HEAD' ? 'GET' : method;
  if (url.startsWith(`${PREFIX}/`)) return `${verb} ${url.slice(PREFIX.length)}`;
  return OTHER_STANDARDS.some((path) => url === path || url.startsWith(`${path}/`))
    ? `${verb} ${url}`
    : undefined;
}
