import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readMappingFile } from '../../../src/exchange/mappings/mapping-file.js';
import { CHECKOUT } from '../../../src/platform/checkout.js';
import { Chance } from '../../simulation/chance.js';
import { damagedBytes, damagedJson } from './damage.js';
import { readJson, readMessage, readQuery } from './parsers.js';
import { SEEDS } from './seeds.js';

/** Processor time of one input. The longest valid message takes a tenth of it. */
const MOST_MS = 500;

export interface ParserFault {
  /** The index of the input in the sequence of the seed. */
  readonly input: number;
  readonly reason: string;
  readonly shown: string;
}

const read = readMappingFile(readFileSync(join(CHECKOUT, 'docs/examples/mapping.json'), 'utf8'));
if (!('mapping' in read)) throw new Error('The mapping of the documentation cannot be read.');
const { mapping } = read;

/** Reads one input of the sequence of the seed. Undefined: it was read, or refused by name, in time. */
export async function readInput(seed: number, input: number): Promise<ParserFault | undefined> {
  const chance = new Chance(`${seed} ${input}`);
  const kind = chance.weighed([
    [5, 'message'],
    [4, 'json'],
    [1, 'query'],
  ] as const);
  const bytes =
    kind === 'json'
      ? damagedJson(chance, SEEDS.resources)
      : damagedBytes(
          chance,
          kind === 'message' ? SEEDS.messages : SEEDS.queries.map((one) => Buffer.from(one)),
        );
  const fault = (reason: string): ParserFault => ({
    ...{ input, reason: `${kind}: ${reason}` },
    shown: bytes.subarray(0, 2000).toString('base64'),
  });
  const [began, used] = [performance.now(), process.cpuUsage()];
  try {
    if (kind === 'message') await readMessage(bytes, mapping, chance);
    else if (kind === 'json') readJson(bytes, mapping);
    else readQuery(bytes.toString('latin1'));
  } catch (error) {
    return fault(error instanceof Error ? (error.stack ?? error.message) : String(error));
  }
  if (performance.now() - began < MOST_MS) return undefined;
  const { user } = process.cpuUsage(used); // a busy machine may have stopped the process meanwhile
  return user / 1000 < MOST_MS
    ? undefined
    : fault(`${bytes.length} bytes took ${Math.round(user / 1000)} ms`);
}
