export interface Footprint {
  readonly data: string;
  readonly files: ReadonlyMap<string, string>;
  readonly hospitals: ReadonlySet<string>;
  readonly clusters: ReadonlySet<string>;
  readonly fallbacks: readonly string[];
}

export function takeFootprint(checkout: string, fallbacks?: readonly string[]): Footprint;
export function changesSince(footprint: Footprint): string[];
export function processesOf(folder: string): string[];
