const CHARACTERS = 1000;

/**
 * Comments, white space, and what may hold a value: strings of each form, and numbers that are no part of a name or
 * of a parameter such as $1. A quoted name stays.
 */
const PARTS =
  /--[^\n]*|\/\*[\s\S]*?\*\/|\s+|[Ee]'(?:[^'\\]|''|\\[\s\S])*'|'(?:[^']|'')*'|\$([A-Za-z_]\w*)?\$[\s\S]*?\$\1\$|"(?:[^"]|"")*"|\$\d+|[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*|\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

/** The columns of an entity, as TypeORM selects them. */
const ALL_COLUMNS = /"(\w+)"\."\w+" AS "\1_\w+"(?:, "\1"\."\w+" AS "\1_\w+")*/g;

/** The statement without comments and values, in one line and with `.*` for all columns of an entity, cut after a thousand characters. */
export function normalisedStatement(statement: string): string {
  const plain = statement
    .replace(PARTS, (part) => {
      if (/^\s|^--|^\/\*/.test(part)) return ' ';
      if (/'$|^\$(?!\d)|^\d/.test(part)) return '?';
      return part;
    })
    .replace(/\s+/g, ' ')
    .replace(ALL_COLUMNS, '"$1".*')
    .trim();
  return plain.length > CHARACTERS ? `${plain.slice(0, CHARACTERS)} …` : plain;
}
