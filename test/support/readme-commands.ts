/** A command on a page, and its shown output; empty where there is none. */
export interface ShownCommand {
  readonly command: string;
  readonly output: string;
}

/**
 * The commands of a page's code blocks, in order, including those in a list: each begins with `$ ` and ends where its
 * quotes are closed.
 */
export function shownCommands(page: string): ShownCommand[] {
  const fenced = [...page.matchAll(/^( *)```\w*\n([^]*?)^\1```$/gm)];
  const blocks = fenced.map(([, indent = '', block = '']) =>
    block.replace(new RegExp(`^${indent}`, 'gm'), ''),
  );
  return blocks.flatMap((block) =>
    block
      .split(/^\$ /m)
      .slice(1)
      .map((text) => {
        const command = commandIn(text);
        return { command, output: text.slice(command.length).trim() };
      }),
  );
}

function commandIn(text: string): string {
  const lines = text.split('\n');
  for (let count = 1; count <= lines.length; count++) {
    const command = lines.slice(0, count).join('\n');
    if (!command.endsWith('\\') && (command.match(/'/g) ?? []).length % 2 === 0) return command;
  }
  return text;
}

// The parts that differ from run to run: ids, codes, secrets, signatures and keys, numbers and dates.
const PARTS = {
  id: /[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}/,
  code: /\b[a-z\d]{4}(?:-[a-z\d]{4}){3}\b/,
  secret: /\b(?:whsec|ses|nw)_[\w+/=-]*/,
  key: /[A-Za-z\d+/]{43}=/,
  number: /\d+/,
  left: /…/,
  space: /\s+/,
};
const PART = new RegExp(
  Object.entries(PARTS)
    .map(([name, { source }]) => `(?<${name}>${source})`)
    .join('|'),
  'g',
);
const SHAPES: Readonly<Record<string, string>> = {
  ...{ id: `(${PARTS.id.source})`, code: `(${PARTS.code.source})`, secret: PARTS.secret.source },
  ...{ key: PARTS.key.source, number: '\\d+', left: '[^]*?', space: '\\s*' },
};

/** The shape of a shown output, and its ids and codes, by which later commands refer to it. */
export function shapeOf(output: string): { readonly shape: RegExp; readonly names: readonly string[] } {
  let pattern = '';
  let last = 0;
  const names: string[] = [];
  for (const match of output.matchAll(PART)) {
    const groups: Readonly<Record<string, string | undefined>> = match.groups ?? {};
    const kind = Object.keys(groups).find((name) => groups[name] !== undefined) ?? '';
    const [text] = match;
    pattern += escaped(output.slice(last, match.index)) + (SHAPES[kind] ?? '');
    if (kind === 'id' || kind === 'code') names.push(text);
    last = match.index + text.length;
  }
  pattern += escaped(output.slice(last));
  return { shape: new RegExp(`^\\s*${pattern}\\s*$`), names };
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&');
