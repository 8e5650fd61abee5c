import type { Gateway, NewGateway, Occasion } from '../calls/messages.js';

/** The gateway as it is typed: lists on one line, headers on lines of their own. */
export interface GatewayForm {
  readonly url: string;
  readonly method: 'POST' | 'GET';
  readonly headers: string;
  readonly bodyFormat: 'json' | 'form';
  readonly body: string;
  readonly successPath: string;
  readonly successValues: string;
  readonly codePath: string;
  readonly errorPath: string;
  readonly referencePath: string;
  readonly throttled: string;
  readonly final: string;
  readonly unclear: string;
  readonly repeated: string;
  readonly deduplicates: boolean;
  readonly perMinute: number;
  readonly templates: Readonly<Partial<Record<Occasion, string>>>;
}

export const NEW_GATEWAY: GatewayForm = {
  ...{ url: '', method: 'POST', headers: '', bodyFormat: 'json' },
  body: '{"id":"{id}","phone":"{number}","content":"{text}"}',
  ...{ successPath: '', successValues: '', codePath: '', errorPath: '', referencePath: '' },
  ...{
    throttled: '',
    final: '',
    unclear: '',
    repeated: '',
    deduplicates: false,
    perMinute: 60,
    templates: {},
  },
};

/** The stored gateway. Values of headers and of the query of its address are not shown again. */
export const formOf = (gateway: Gateway): GatewayForm => ({
  url: gateway.url.includes('***') ? '' : gateway.url,
  method: gateway.method === 'GET' ? 'GET' : 'POST',
  headers: '',
  bodyFormat: gateway.bodyFormat === 'form' ? 'form' : 'json',
  body: gateway.body ?? '',
  successPath: gateway.success?.path ?? '',
  successValues: gateway.success?.values.join(', ') ?? '',
  codePath: gateway.codePath ?? '',
  errorPath: gateway.errorPath,
  referencePath: gateway.referencePath ?? '',
  throttled: gateway.throttled.join(', '),
  final: gateway.final.join(', '),
  unclear: gateway.unclear.join(', '),
  repeated: gateway.repeated.join(', '),
  deduplicates: gateway.deduplicates,
  perMinute: gateway.perMinute,
  templates: gateway.templates,
});

const listIn = (typed: string): string[] =>
  typed
    .split(/[,，\n]/)
    .map((one) => one.trim())
    .filter((one) => one !== '');

/** `Name: value` on each line. */
export function headersIn(typed: string): Record<string, string> {
  const pairs = typed
    .split('\n')
    .map((line) => /^\s*([^:：]+)[:：]\s*(.*?)\s*$/.exec(line))
    .filter((match) => match !== null);
  return Object.fromEntries(pairs.map(([, name = '', value = '']) => [name.trim(), value]));
}

const given = <Name extends string>(name: Name, typed: string): Partial<Record<Name, string>> =>
  typed.trim() === '' ? {} : ({ [name]: typed.trim() } as Record<Name, string>);

const givenList = <Name extends string>(name: Name, typed: string): Partial<Record<Name, string[]>> =>
  listIn(typed).length === 0 ? {} : ({ [name]: listIn(typed) } as Record<Name, string[]>);

/** What is left empty has the default of the server. */
export const gatewayOf = (form: GatewayForm): NewGateway => ({
  url: form.url.trim(),
  method: form.method,
  headers: headersIn(form.headers),
  bodyFormat: form.bodyFormat,
  ...(form.method === 'POST' && given('body', form.body)),
  ...(form.successPath.trim() !== '' && {
    success: { path: form.successPath.trim(), values: listIn(form.successValues) },
  }),
  ...given('codePath', form.codePath),
  ...given('errorPath', form.errorPath),
  ...given('referencePath', form.referencePath),
  ...givenList('throttled', form.throttled),
  ...givenList('final', form.final),
  ...givenList('unclear', form.unclear),
  ...givenList('repeated', form.repeated),
  deduplicates: form.deduplicates,
  perMinute: form.perMinute,
  templates: Object.fromEntries(Object.entries(form.templates).filter(([, code]) => code.trim() !== '')),
});
