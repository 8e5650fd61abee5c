import { z } from 'zod';

/** The version of the file format. A program reads this one and all earlier ones. */
export const FORMAT = 1;

// A bound becomes part of a statement, so only constants are allowed.
const VALUE = String.raw`(?:'(?:[^']|'')*'|-?\d+(?:\.\d+)?|MINVALUE|MAXVALUE|NULL|true|false)`;
const VALUES = String.raw`\(${VALUE}(?:, ${VALUE})*\)`;
const BOUND = new RegExp(
  String.raw`^(?:DEFAULT|FOR VALUES (?:IN ${VALUES}|FROM ${VALUES} TO ${VALUES}|WITH \(modulus \d+, remainder \d+\)))$`,
);

export const Manifest = z.object({
  format: z.literal(FORMAT),
  /** The version of the program that made the backup. */
  program: z.string(),
  postgres: z.string(),
  /** The backup contains everything committed by this instant. */
  takenAt: z.iso.datetime(),
  migrations: z.array(z.string()).min(1),
  tables: z.array(
    z.object({
      name: z.string(),
      columns: z.array(z.string()).min(1),
      rows: z.int().min(0),
      bytes: z.int().min(0),
      sha256: z.string().regex(/^[0-9a-f]{64}$/),
    }),
  ),
  partitions: z.array(z.object({ name: z.string(), parent: z.string(), bound: z.string().regex(BOUND) })),
  sequences: z.array(
    z.object({ name: z.string(), lastValue: z.string().regex(/^-?\d+$/), isCalled: z.boolean() }),
  ),
});

/** The content of a backup, and the version of its program; the last entry of its file. */
export type Manifest = z.infer<typeof Manifest>;
export type TableEntry = Manifest['tables'][number];
