import type { Operation } from './draft.js';
import { Pick } from './schema-arbitrary.js';

interface Entry {
  readonly value: string;
  /** The patient or endpoint in whose list it was named. */
  readonly parent: string | undefined;
}

const MOST_OF_A_KIND = 300;
/** Lists of items with another name. */
const ALIASES: Readonly<Record<string, string>> = { worklist: 'items', schedule: 'items' };
const UNKNOWN_ID = 'ffffffff-ffff-4fff-8fff-ffffffffffff';

/** Ids, mrns and cursors of earlier answers. The latest are used most often, so that calls build on each other. */
export class Pool {
  private readonly entries = new Map<string, Entry[]>();

  /** `untouchable`: ids that are never used. */
  constructor(private readonly untouchable: readonly string[] = []) {}

  /** Collects from the answer to one call the values that a later one can use. */
  harvest({ template }: Operation, path: Readonly<Record<string, string>>, body: unknown): void {
    if (!isRecord(body)) return;
    const segment = template.split('/').findLast((part) => !part.startsWith('{')) ?? '';
    const kind = ALIASES[segment] ?? segment;
    const parent = path['id'];
    this.note(kind, body['id'], template.endsWith('}') ? undefined : parent);
    this.note('deliveries', body['deliveryId'], undefined);
    this.note('mrn', body['mrn'], undefined);
    this.noteVersion(body);
    this.note(`cursor ${template}`, body['nextCursor'], undefined);
    const rows = Array.isArray(body['items']) ? body['items'].slice(0, 20) : [];
    for (const row of rows.filter(isRecord)) {
      const { patient } = row;
      this.note(kind, row['id'], isRecord(patient) ? String(patient['id']) : parent);
      this.noteVersion(row);
    }
  }

  /** The object no longer exists. */
  forget(value: string): void {
    for (const [kind, known] of this.entries)
      if (known.some((entry) => entry.value === value))
        this.entries.set(
          kind,
          known.filter((entry) => entry.value !== value),
        );
  }

  pick({ kind, which }: Pick, parent?: string): Entry {
    const all = this.entries.get(kind) ?? [];
    const near = all.filter((entry) => parent !== undefined && entry.parent === parent);
    const chosen = near.length > 0 ? near : all;
    const entry =
      chosen[chosen.length - 1 - Math.min(Math.floor(chosen.length * which ** 4), chosen.length - 1)];
    return entry ?? { value: kind === 'mrn' ? 'F1' : UNKNOWN_ID, parent: undefined };
  }

  /** The value with every pick in it replaced. */
  filled(value: unknown, parent: string | undefined): unknown {
    if (value instanceof Pick) return this.pick(value, parent).value;
    if (Array.isArray(value)) return value.map((one) => this.filled(one, parent));
    if (!isRecord(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, this.filled(one, parent)]));
  }

  /** For a guideline; in an address the version follows the id. */
  private noteVersion({ id, version }: Record<string, unknown>): void {
    if (typeof id === 'string') this.note('{id}', version, id);
  }

  private note(kind: string, value: unknown, parent: string | undefined): void {
    if (typeof value !== 'string' || value === '' || this.untouchable.includes(value)) return;
    const known = this.entries.get(kind) ?? [];
    const others = known.filter((entry) => entry.value !== value);
    this.entries.set(kind, [...others.slice(-MOST_OF_A_KIND), { value, parent }]);
  }
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
