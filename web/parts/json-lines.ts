/** A file that is no JSON: where its reading ended. */
export interface SyntaxFault {
  readonly line: number;
  readonly text: string;
}

export type ReadFile = { readonly value: unknown } | { readonly fault: SyntaxFault };

/** Reads the file; names the line of its first syntax error. */
export function readJson(text: string): ReadFile {
  const source = text.replace(/^\uFEFF/, '');
  try {
    return { value: JSON.parse(source) };
  } catch {
    const { end } = new JsonReader(source).read();
    return { fault: { line: lineAt(source, end), text: lineText(source, lineAt(source, end)) } };
  }
}

/**
 * The line of the value to which a JSON pointer leads, or of the nearest one around it: a missing field has the line of
 * its object. 1 is the first line.
 */
export function lineOf(text: string, pointer: string): number {
  const source = text.replace(/^\uFEFF/, '');
  const { places } = new JsonReader(source).read();
  for (let path = pointer; ; path = path.slice(0, path.lastIndexOf('/'))) {
    const place = places.get(path);
    if (place !== undefined) return lineAt(source, place);
    if (path === '') return 1;
  }
}

export const lineText = (text: string, line: number): string => text.split('\n')[line - 1]?.trim() ?? '';

/** Where a line begins and ends in the text. */
export function lineStart(text: string, line: number): { readonly from: number; readonly to: number } {
  const lines = text.split('\n');
  const from = lines.slice(0, line - 1).reduce((length, one) => length + one.length + 1, 0);
  return { from, to: from + (lines[line - 1]?.length ?? 0) };
}

const lineAt = (text: string, place: number): number => text.slice(0, place).split('\n').length;

/** Follows a JSON text as far as it is one, and notes where each value begins. */
class JsonReader {
  private place = 0;
  private readonly places = new Map<string, number>();

  constructor(private readonly text: string) {}

  read(): { readonly places: ReadonlyMap<string, number>; readonly end: number } {
    try {
      this.value('');
      this.space();
    } catch {
      // The end of what can be read is the place of the error.
    }
    return { places: this.places, end: Math.min(this.place, Math.max(0, this.text.length - 1)) };
  }

  private value(path: string, from?: number): void {
    this.space();
    this.places.set(path, from ?? this.place);
    const first = this.text[this.place];
    if (first === '{') this.members(path);
    else if (first === '[') this.elements(path);
    else if (first === '"') this.string();
    else this.take(/(?:true|false|null|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)/y);
  }

  private members(path: string): void {
    this.listed('}', () => {
      this.space();
      const from = this.place;
      const name = this.string();
      this.space();
      this.take(/:/y);
      this.value(`${path}/${name.replace(/~/g, '~0').replace(/\//g, '~1')}`, from);
    });
  }

  private elements(path: string): void {
    let index = 0;
    this.listed(']', () => this.value(`${path}/${index++}`));
  }

  private listed(end: '}' | ']', one: () => void): void {
    this.place++;
    this.space();
    if (this.text[this.place] === end) return void this.place++;
    for (;;) {
      one();
      this.space();
      if (this.text[this.place] === end) return void this.place++;
      this.take(/,/y);
    }
  }

  private string(): string {
    return JSON.parse(this.take(/"(?:[^"\\\n]|\\.)*"/y)) as string;
  }

  private space(): void {
    this.take(/\s*/y);
  }

  private take(form: RegExp): string {
    form.lastIndex = this.place;
    const [found] = form.exec(this.text) ?? [];
    if (found === undefined) throw new SyntaxError();
    this.place += found.length;
    return found;
  }
}
