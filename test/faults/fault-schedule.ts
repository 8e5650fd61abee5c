import { MANNERS, type Manner } from './unsteady-receiver.js';

const ALWAYS = [
  'kill a worker',
  'kill the API',
  'kill PostgreSQL',
  'half-open connections of a worker to PostgreSQL, and kill it',
  'half-open connections of a worker to PostgreSQL',
  'half-open connections to the receiver',
  'move the clock',
  'let nothing be recorded of attempts',
] as const;
const ON_REDIS = ['kill Redis', 'empty Redis', 'half-open connections of a worker to Redis'] as const;
export const ON_A_SMALL_DISK = ['fill the disk', 'fill the disk until PostgreSQL dies of it'] as const;
export type Fault =
  | (typeof ALWAYS)[number]
  | (typeof ON_REDIS)[number]
  | (typeof ON_A_SMALL_DISK)[number]
  | 'half-open connections of all workers to PostgreSQL';

export interface Breakable {
  readonly redis: boolean;
  readonly disk: boolean;
  /** Whether it may take half a minute to detect the fault while nothing proceeds. */
  readonly patient: boolean;
}

/** The possible faults with these parts. */
export const faultsOf = ({ redis, disk, patient }: Breakable): readonly Fault[] => [
  ...ALWAYS,
  ...(redis ? ON_REDIS : []),
  ...(disk ? ON_A_SMALL_DISK : []),
  ...(patient ? (['half-open connections of all workers to PostgreSQL'] as const) : []),
];

export interface ScheduledFault<Kind extends string = Fault> {
  /** After this number of accepted messages. */
  readonly after: number;
  readonly fault: Kind;
  /** The receiver's behaviour from then on. */
  readonly manner: Manner;
}

/** Each fault `rounds` times, in an order that depends on the seed, spread over the first nine tenths. */
export function faultSchedule<Kind extends string>(
  random: () => number,
  deliveries: number,
  faults: readonly Kind[],
  rounds: number,
): ScheduledFault<Kind>[] {
  const drawn = Array.from({ length: rounds }, () => shuffled(faults, random)).flat();
  const manners = shuffled(MANNERS, random);
  return drawn.map((fault, index) => ({
    after: Math.round((deliveries * 0.9 * (index + random())) / drawn.length),
    fault,
    manner: manners[index % manners.length] ?? 'steady',
  }));
}

function shuffled<T>(values: readonly T[], random: () => number): T[] {
  return values
    .map((value) => ({ value, place: random() }))
    .sort((a, b) => a.place - b.place)
    .map(({ value }) => value);
}

/** Pseudo-random numbers from 0 to 1 (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
