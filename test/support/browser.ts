/** A browser: its cookies by host and name; it follows redirects only on request. */
export class Browser {
  readonly cookies = new Map<string, Map<string, string>>();

  /** `base` is the address of nedwatch; the account is the one that the provider authenticates. */
  constructor(
    private readonly account: string,
    private readonly base: string,
  ) {}

  async visit(url: string, init: RequestInit = {}): Promise<Response> {
    const { origin } = new URL(url);
    const jar = this.cookies.get(origin) ?? new Map<string, string>();
    this.cookies.set(origin, jar);
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
    const headers = { ...(init.headers as Record<string, string>), cookie, 'x-account': this.account };
    const answer = await fetch(url, { ...init, redirect: 'manual', headers });
    for (const set of answer.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(set) ?? [];
      if (value === '' || /max-age=0|expires=thu, 01 jan 1970/i.test(set)) jar.delete(name);
      else jar.set(name, value);
    }
    return answer;
  }

  /** Until the redirect back to the program. */
  async leave(start = `${this.base}/api/v1/sso/nedwatch/hospital/start`): Promise<string> {
    let url = start;
    for (let hop = 0; hop < 10; hop++) {
      const answer = await this.visit(url);
      const next = answer.headers.get('location');
      if (next === null) throw new Error(`${url} answered ${answer.status}: ${await answer.text()}`);
      url = new URL(next, url).href;
      if (url.startsWith(`${this.base}/api/v1/sso/nedwatch/hospital/callback`)) return url;
    }
    throw new Error('It goes on for ever.');
  }

  async me(): Promise<{ status: number; body: Record<string, unknown> }> {
    const answer = await this.visit(`${this.base}/api/v1/me`);
    return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
  }
}
