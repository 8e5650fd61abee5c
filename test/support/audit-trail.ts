import { type AnchorRecord, readAnchors } from '../../src/audit/anchor-reader.js';
import { type AuditFindings, verifyAudit } from '../../src/audit/audit-verification.js';
import type { Message } from '../../src/guideline/message.js';
import { render } from '../../src/platform/messages/dictionary.js';
import type { TestApp } from './app.js';

type Worded<T> = { readonly [K in keyof T]: K extends 'faults' | 'notes' ? readonly string[] : T[K] };

const worded = (messages: readonly Message[]): string[] => messages.map((one) => render(one, 'en'));

/** The results of a verification, in English. */
export async function verifyTrail(t: TestApp): Promise<Worded<AuditFindings>> {
  const found = await verifyAudit(t.dataSource.manager, t.hospitalId, await readAnchors(t.config));
  return { ...found, faults: worded(found.faults) };
}

/** The content of the anchor file, in English. */
export async function anchorsOf(t: TestApp): Promise<Worded<AnchorRecord>> {
  const read = await readAnchors(t.config);
  return { ...read, faults: worded(read.faults), notes: worded(read.notes) };
}
