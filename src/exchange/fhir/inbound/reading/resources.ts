import { FHIR_WRITTEN } from '../../../../tenancy/fhir-rights.js';

/** What the program reads of the resources that it accepts. `interop/fhir/structure.ts` has checked their form. */
export interface Extension {
  readonly url: string;
  readonly extension?: readonly Extension[];
  readonly valueCode?: string;
  readonly valueDate?: string;
  readonly valueDateTime?: string;
  readonly valueString?: string;
  readonly valueInteger?: number;
  readonly valueBoolean?: boolean;
}

export interface Coding {
  readonly system?: string;
  readonly code?: string;
  readonly display?: string;
}

export interface CodeableConcept {
  readonly coding?: readonly Coding[];
  readonly text?: string;
}

export interface Period {
  readonly start?: string;
  readonly end?: string;
}

export interface Identifier {
  readonly use?: string;
  readonly type?: CodeableConcept;
  readonly system?: string;
  readonly value?: string;
  readonly period?: Period;
}

export interface Reference {
  readonly reference?: string;
  readonly type?: string;
  readonly identifier?: Identifier;
  readonly display?: string;
}

export interface Quantity {
  readonly value?: number;
  readonly comparator?: '<' | '<=' | '>=' | '>';
  readonly unit?: string;
  readonly system?: string;
  readonly code?: string;
}

interface Annotation {
  readonly text: string;
}

export interface Resource {
  readonly resourceType: string;
  readonly id?: string;
  readonly meta?: { readonly versionId?: string };
  readonly extension?: readonly Extension[];
  readonly identifier?: Identifier | readonly Identifier[];
}

interface Fact extends Resource {
  readonly identifier?: readonly Identifier[];
  readonly subject?: Reference;
  readonly note?: readonly Annotation[];
}

interface HumanName {
  readonly use?: string;
  readonly text?: string;
  readonly family?: string;
  readonly given?: readonly (string | null)[];
  readonly period?: Period;
}

interface ContactPoint {
  readonly system?: string;
  readonly value?: string;
  readonly use?: string;
  readonly rank?: number;
  readonly period?: Period;
}

export interface Patient extends Resource {
  readonly resourceType: 'Patient';
  readonly identifier?: readonly Identifier[];
  readonly active?: boolean;
  readonly name?: readonly HumanName[];
  readonly telecom?: readonly ContactPoint[];
  readonly gender?: 'male' | 'female' | 'other' | 'unknown';
  readonly birthDate?: string;
  readonly deceasedBoolean?: boolean;
  readonly deceasedDateTime?: string;
  readonly link?: readonly { readonly other: Reference; readonly type: string }[];
}

export interface Condition extends Fact {
  readonly resourceType: 'Condition';
  readonly clinicalStatus?: CodeableConcept;
  readonly verificationStatus?: CodeableConcept;
  readonly code?: CodeableConcept;
  readonly onsetDateTime?: string;
  readonly onsetPeriod?: Period;
}

export interface Procedure extends Fact {
  readonly resourceType: 'Procedure';
  readonly status: string;
  readonly code?: CodeableConcept;
  readonly performedDateTime?: string;
  readonly performedPeriod?: Period;
}

export interface ObservedValue {
  readonly code: CodeableConcept;
  readonly valueQuantity?: Quantity;
  readonly valueString?: string;
  readonly dataAbsentReason?: CodeableConcept;
  readonly interpretation?: readonly CodeableConcept[];
  readonly referenceRange?: readonly {
    readonly low?: Quantity;
    readonly high?: Quantity;
    readonly type?: CodeableConcept;
    readonly appliesTo?: readonly CodeableConcept[];
    readonly age?: unknown;
  }[];
}

export interface Observation extends Fact, ObservedValue {
  readonly resourceType: 'Observation';
  readonly status: string;
  readonly effectiveDateTime?: string;
  readonly effectiveInstant?: string;
  readonly effectivePeriod?: Period;
  readonly issued?: string;
  readonly performer?: readonly Reference[];
  readonly method?: CodeableConcept;
  readonly component?: readonly ObservedValue[];
}

export interface DiagnosticReport extends Fact {
  readonly resourceType: 'DiagnosticReport';
  readonly status: string;
  readonly code: CodeableConcept;
  readonly effectiveDateTime?: string;
  readonly effectivePeriod?: Period;
  readonly issued?: string;
  readonly performer?: readonly Reference[];
  readonly result?: readonly Reference[];
  readonly conclusion?: string;
  readonly conclusionCode?: readonly CodeableConcept[];
}

export interface Appointment extends Resource {
  readonly resourceType: 'Appointment';
  readonly identifier?: readonly Identifier[];
  readonly status: string;
  readonly cancelationReason?: CodeableConcept;
  readonly serviceType?: readonly CodeableConcept[];
  readonly start?: string;
  readonly end?: string;
  readonly requestedPeriod?: readonly Period[];
  readonly basedOn?: readonly Reference[];
  readonly comment?: string;
  readonly participant: readonly { readonly actor?: Reference }[];
}

export type ReadType = (typeof FHIR_WRITTEN)[number];
export type ReadResource = Patient | Condition | Procedure | Observation | DiagnosticReport | Appointment;

export const isReadType = (type: string): type is ReadType => FHIR_WRITTEN.some((one) => one === type);

export interface BundleEntry {
  readonly fullUrl?: string;
  readonly resource?: Resource;
  readonly request?: {
    readonly method: string;
    readonly url: string;
    readonly ifMatch?: string;
    readonly ifNoneExist?: string;
  };
}

export interface Bundle extends Resource {
  readonly resourceType: 'Bundle';
  readonly type: string;
  readonly entry?: readonly BundleEntry[];
}
