import type { OpenAPIObject } from '@nestjs/swagger';
import { Ajv, type ValidateFunction } from 'ajv';
import addFormatsModule from 'ajv-formats';

const addFormats = addFormatsModule.default;

/** Returns the parts of an answer that violate the API document; empty when it conforms. */
export class OpenApiContract {
  private readonly ajv = new Ajv({ strict: false, allErrors: true });
  private readonly validators = new Map<string, ValidateFunction>();
  private readonly routes: readonly { readonly template: string; readonly pattern: RegExp }[];

  constructor(private readonly document: OpenAPIObject) {
    addFormats(this.ajv);
    this.ajv.addSchema(document, 'openapi');
    this.routes = Object.keys(document.paths)
      .map((template) => ({ template, pattern: new RegExp(`^${template.replace(/\{\w+\}/g, '[^/]*')}$`) }))
      .sort((a, b) => Number(a.template.includes('{')) - Number(b.template.includes('{')));
  }

  breaches(
    method: string,
    url: string,
    status: number,
    contentType: string | undefined,
    body: unknown,
  ): string[] {
    const path = url.split('?')[0] ?? '';
    if (lacksCharset(contentType ?? ''))
      return [`${method} ${path} sends ${contentType ?? ''} without a charset`];
    const route = this.routes.find(
      ({ template, pattern }) => pattern.test(path) && this.operation(template, method),
    );
    if (!route)
      return status === 404 || !path.startsWith('/api/v1')
        ? []
        : [`${method} ${path} is not in the document`];
    const responses = this.operation(route.template, method)?.responses ?? {};
    const code = String(status) in responses ? String(status) : 'default';
    if (code === 'default' && status < 400)
      return [`${method} ${route.template} does not document ${status}`];
    if (status >= 500) return [`${method} ${path} answered ${status}`];
    const content = (responses[code] as { content?: Record<string, unknown> }).content;
    if (!content)
      return body === undefined ? [] : [`${method} ${route.template} ${status} documents no body`];
    const mediaType = contentType?.split(';')[0] ?? '';
    if (!(mediaType in content))
      return [`${method} ${route.template} ${status} does not document ${mediaType}`];
    const validate = this.schemaAt([
      'paths',
      route.template,
      method.toLowerCase(),
      'responses',
      code,
      'content',
      mediaType,
      'schema',
    ]);
    return validate(body)
      ? []
      : [`${method} ${route.template} ${status}: ${this.ajv.errorsText(validate.errors)}`];
  }

  private operation(template: string, method: string): { responses: Record<string, unknown> } | undefined {
    const operations = this.document.paths[template] as
      | Record<string, { responses: Record<string, unknown> }>
      | undefined;
    return operations?.[method.toLowerCase()];
  }

  private schemaAt(steps: readonly string[]): ValidateFunction {
    const pointer = steps
      .map((step) => encodeURIComponent(step.replaceAll('~', '~0').replaceAll('/', '~1')))
      .join('/');
    const known = this.validators.get(pointer) ?? this.ajv.compile({ $ref: `openapi#/${pointer}` });
    this.validators.set(pointer, known);
    return known;
  }
}

/** Whether it is text without a charset. */
export const lacksCharset = (contentType: string): boolean =>
  /^(text\/|application\/([\w.-]+\+)?(json|xml|javascript))/.test(contentType) &&
  !/; *charset=utf-8/i.test(contentType);
