let opened = 0

/** As much of a browser as a sign-in sees of one: it keeps cookies by host and port, follows redirects, and has an address of its own. */
export function openTestBrowser() {
  const address = `10.0.0.${++opened}`
  const jar = new Map<string, Map<string, string>>()

  function cookiesOf(url: URL) {
    const cookies = jar.get(url.host) ?? new Map<string, string>()
    jar.set(url.host, cookies)
    return cookies
  }

  /** One request, whatever it answers. */
  async function ask(to: string, init: RequestInit = {}): Promise<Response> {
    const url = new URL(to)
    const cookies = cookiesOf(url)
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const headers = {
      'x-forwarded-for': address,
      ...(cookie && { cookie }),
      ...(init.headers as Record<string, string>),
    }
    const response = await fetch(url, { ...init, headers, redirect: 'manual' })
    for (const line of response.headers.getSetCookie()) {
      const [name, value] = line.split(';', 1)[0]!.split(/=(.*)/s) as [string, string]
      if (value === '' || /max-age=0|expires=Thu, 01 Jan 1970/i.test(line)) cookies.delete(name)
      else cookies.set(name, value)
    }
    return response
  }

  /** Goes to a page and where it leads, until something else than a redirect is answered, or `until` holds for the next address. */
  async function go(from: string, init: RequestInit = {}, until = (_url: URL) => false) {
    let url = new URL(from)
    let response = await ask(url.href, init)
    for (let next = response.headers.get('location'); next; next = response.headers.get('location')) {
      url = new URL(next, url)
      if (until(url)) break
      response = await ask(url.href)
    }
    return { url, response }
  }

  return {
    ask,
    go,
    cookies: (of: string) => cookiesOf(new URL(of)),
    /** Signs in by the form of the demo's provider. */
    async signIn(page: string, name: string, until?: (url: URL) => boolean) {
      const form = await go(`${page}/auth/sign-in`)
      const body = new URLSearchParams({ prompt: 'login', login: name, password: 'any' })
      return go(form.url.href, { method: 'POST', body }, until)
    },
  }
}
