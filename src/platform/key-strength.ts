const SHORTEST = 20;
const FEWEST_CHARACTERS = 8;
// Parts of keys that occur in instructions and word lists.
const OBVIOUS =
  /change-?_?me|password|passwort|qwert|12345|abcde|letmein|example|replace-?_?me|secret-?_?key/i;

/**
 * Whether a chosen key is as strong as a generated one: at least 20 characters, eight of them different, neither
 * repeated nor counted up, and no placeholder.
 */
export function isStrongKey(key: string): boolean {
  const core = key.replace(/^nw_/, '');
  return (
    key.length >= SHORTEST &&
    new Set(core).size >= FEWEST_CHARACTERS &&
    !/^(.{1,}?)\1+$/.test(core) &&
    !isRow(core) &&
    !OBVIOUS.test(core)
  );
}

/** Whether most characters follow the previous one, as in 23456789 or aaaabbbb. */
function isRow(text: string): boolean {
  const codes = [...text].map((character) => character.codePointAt(0) ?? 0);
  const steps = codes.slice(1).filter((code, index) => Math.abs(code - (codes[index] ?? 0)) <= 1);
  return steps.length * 2 > codes.length;
}
