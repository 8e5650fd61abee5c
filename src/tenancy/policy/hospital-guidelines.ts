import type { EntityManager } from 'typeorm';
import type { Guideline } from '../../guideline/guideline.js';
import { findGuideline, GUIDELINES, versionedId } from '../../guideline/published/index.js';
import { StoredGuideline } from './stored-guideline.entity.js';

/** The metadata of a stored guideline, without its content. */
export type StoredGuidelineHead = Omit<StoredGuideline, 'content'>;

const HEAD = {
  ...{ hospitalId: true, id: true, version: true },
  ...{ digest: true, uploadedBy: true, uploadedAt: true },
} as const;

/** Contents kept in memory: each at most 200,000 characters, so some tens of megabytes. */
const MOST_IN_MEMORY = 64;

/** By digest, least recently used first. Content with a digest never changes. */
const contents = new Map<string, Guideline>();

/** The guidelines that one hospital can follow: the published ones and its own, as one transaction sees them. */
export class HospitalGuidelines {
  private readonly found = new Map<string, Promise<Guideline | undefined>>();

  constructor(
    private readonly db: EntityManager,
    private readonly hospitalId: string,
  ) {}

  /** The guideline `id`, or one version of it as `id@version`; undefined when the hospital has none. */
  find(idOrVersion: string): Promise<Guideline | undefined> {
    const known = this.found.get(idOrVersion);
    if (known) return known;
    const found = this.load(idOrVersion);
    this.found.set(idOrVersion, found);
    return found;
  }

  /** The existing ones of the named guidelines, by name. */
  async named(names: Iterable<string>): Promise<ReadonlyMap<string, Guideline>> {
    const found = new Map<string, Guideline>();
    for (const name of new Set(names)) {
      const guideline = await this.find(name);
      if (guideline) found.set(name, guideline);
    }
    return found;
  }

  /** The hospital's own guidelines, by id, the newest version of each last. */
  async own(): Promise<readonly StoredGuidelineHead[]> {
    const heads = await this.db.find(StoredGuideline, {
      select: HEAD,
      where: { hospitalId: this.hospitalId },
    });
    return heads.sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : byVersion(a, b)));
  }

  /** The names of all of them, each `id@version`. */
  async names(): Promise<readonly string[]> {
    return [...GUIDELINES, ...(await this.own())].map(versionedId);
  }

  private async load(name: string): Promise<Guideline | undefined> {
    const published = findGuideline(name);
    if (published) return published;
    const head = await this.head(name);
    if (!head) return undefined;
    const { hospitalId, id, version, digest } = head;
    const content =
      contents.get(digest) ??
      (await this.db.findOneByOrFail(StoredGuideline, { hospitalId, id, version })).content;
    keep(digest, content);
    return content;
  }

  private async head(name: string): Promise<StoredGuidelineHead | undefined> {
    if (/[\0\uD800-\uDFFF]/u.test(name)) return undefined; // PostgreSQL can store no such name
    const [id = '', version] = name.split('@');
    const where = { hospitalId: this.hospitalId, id, ...(version !== undefined && { version }) };
    const heads = await this.db.find(StoredGuideline, { select: HEAD, where });
    return heads.sort(byVersion).at(-1);
  }
}

function keep(digest: string, content: Guideline): void {
  contents.delete(digest);
  contents.set(digest, content);
  const [oldest] = contents.keys();
  if (contents.size > MOST_IN_MEMORY && oldest !== undefined) contents.delete(oldest);
}

/** Versions have three numbers: 1.10.0 is newer than 1.9.0. */
function byVersion(a: { readonly version: string }, b: { readonly version: string }): number {
  const [left, right] = [a, b].map(({ version }) => version.split('.').map(Number));
  for (const [index, number] of (left ?? []).entries()) {
    const difference = number - (right?.[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
