import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import { sealData } from 'iron-session'
import { claimsOf, secret, startSignInServer } from './sign-in-server.ts'
import { openTestBrowser } from './test-browser.ts'

const { gateway, page, provider } = await startSignInServer()
type TestBrowser = ReturnType<typeof openTestBrowser>

const atCallback = ({ pathname }: URL) => pathname === '/auth/callback'
const orders = `${page}/api/orders`
const authorizationOf = async (response: Response) => (await response.json()).authorization

/** The address to which the provider sends a browser back, before it goes there. */
const comesBack = async (browser: TestBrowser, name = 'alice') => (await browser.signIn(page, name, atCallback)).url
const withParameter = (url: URL, name: string, value?: string) => {
  const changed = new URL(url)
  if (value === undefined) changed.searchParams.delete(name)
  else changed.searchParams.set(name, value)
  return changed
}

async function assertRefused(answer: Response, type: RegExp) {
  assert.equal(answer.status, 403, await answer.clone().text())
  assert.match(answer.headers.get('content-type')!, /^application\/problem\+json/)
  assert.match((await answer.json()).type, type)
}

describe('the way back from the provider', () => {
  const attacks: Record<string, (browser: TestBrowser, url: URL) => URL | Promise<URL>> = {
    'of a browser that began nothing': (browser, url) => {
      browser.cookies(page).clear()
      return url
    },
    'that was gone already': async (browser, url) => {
      await browser.ask(url.href)
      return url
    },
    'that was gone already, with the cookie of before': async (browser, url) => {
      const cookies = new Map(browser.cookies(page))
      await browser.ask(url.href)
      for (const [name, value] of cookies) browser.cookies(page).set(name, value)
      return url
    },
    'with another state': (_, url) => withParameter(url, 'state', 'x'.repeat(43)),
    'without a state': (_, url) => withParameter(url, 'state'),
    'with two states': (_, url) => new URL(`${url.href}&state=x`),
    'with another code': (_, url) => withParameter(url, 'code', 'made-up'),
    'without a code': (_, url) => withParameter(url, 'code'),
    'with two codes': (_, url) => new URL(`${url.href}&code=x`),
    'from another issuer': (_, url) => withParameter(url, 'iss', 'https://accounts.example.com'),
    'that does not say from where': (_, url) => withParameter(url, 'iss'),
    'with a token in the address': (_, url) => new URL(`${url.href}&id_token=a.b.c&access_token=abc`),
    'of another’s sign-in': async () => comesBack(openTestBrowser(), 'mallory'),
    'with the code of another’s sign-in': async (_, url) => {
      const stolen = await comesBack(openTestBrowser(), 'mallory')
      return withParameter(url, 'code', stolen.searchParams.get('code')!)
    },
    'with an error that was made up': (_, url) => new URL(`${url.origin}${url.pathname}?error=access_denied&state=x`),
  }
  for (const [what, attack] of Object.entries(attacks))
    test(`${what} is refused, and signs nobody in`, async () => {
      const browser = openTestBrowser()
      const url = await attack(browser, await comesBack(browser))
      browser.cookies(page).delete('session')
      await assertRefused(await browser.ask(url.href), /sign-in-refused$/)
      assert.equal(browser.cookies(page).get('session'), undefined)
    })

  test('leads to the shop’s own page, whatever was asked for', async () => {
    for (const query of [
      '?return=https://evil.example',
      '?redirect_uri=https://evil.example',
      '?return=//evil.example',
    ]) {
      const browser = openTestBrowser()
      const begun = await browser.ask(`${page}/auth/sign-in${query}`)
      const sent = new URL(begun.headers.get('location')!).searchParams
      assert.deepEqual(sent.getAll('redirect_uri'), [`${page}/auth/callback`])
    }
    const { url } = await openTestBrowser().signIn(page, 'alice')
    assert.equal(url.href, `${page}/`)
  })
})

describe('the cookie of a session', () => {
  let session: string
  before(async () => {
    const browser = openTestBrowser()
    await browser.signIn(page, 'alice')
    session = browser.cookies(page).get('session')!
    assert.ok(await authorizationOf(await browser.ask(orders)))
  })
  const tokens = { accessToken: 'a.b.c', expiresAt: Date.now() + 3_600_000, name: 'alice' }
  const cookies: Record<string, () => string | Promise<string>> = {
    'that was made up': () => 'abc',
    'that was changed': () => session.replace(/.(?=.{40}$)/, (one) => (one === 'A' ? 'B' : 'A')),
    'without its end': () => session.slice(0, -10),
    'that another secret sealed': () => sealData(tokens, { password: 'x'.repeat(32) }),
    'that has ended': () => sealData(tokens, { password: secret, ttl: -3600 }),
    'that is a sign-in that was begun': async () => {
      const browser = openTestBrowser()
      await browser.ask(`${page}/auth/sign-in`)
      return browser.cookies(page).get('sign-in')!
    },
  }
  for (const [what, make] of Object.entries(cookies))
    test(`${what} is nobody’s`, async () => {
      const answer = await fetch(orders, { headers: { cookie: `session=${encodeURIComponent(await make())}` } })
      assert.equal(await authorizationOf(answer), null)
    })

  test('does not pass for a sign-in that was begun', async () => {
    const url = await comesBack(openTestBrowser())
    await assertRefused(await fetch(url, { headers: { cookie: `sign-in=${session}` } }), /sign-in-refused$/)
  })
})

describe('a page of another origin', () => {
  const foreign: Record<string, Record<string, string>> = {
    'of another site': { 'sec-fetch-site': 'cross-site' },
    'of another host of the site': { 'sec-fetch-site': 'same-site' },
    'that the browser does not name but by its origin': { origin: 'https://evil.example' },
    'of another port': { origin: 'http://localhost:1' },
    'without an origin': { origin: 'null' },
  }
  for (const [what, headers] of Object.entries(foreign)) {
    test(`${what} buys nothing in the customer’s name, and signs nobody out`, async () => {
      const browser = openTestBrowser()
      await browser.signIn(page, 'alice')
      const asked = gateway.seen.length
      for (const [path, method] of [
        ['/api/orders', 'POST'],
        ['/api/products', 'POST'],
        ['/api/inventory/product1', 'PUT'],
        ['/auth/sign-out', 'POST'],
      ] as const)
        await assertRefused(await browser.ask(page + path, { method, headers }), /other-origin$/)
      assert.equal(gateway.seen.length, asked)
      assert.ok(await authorizationOf(await browser.ask(orders)), 'the session is gone')
    })
  }

  test('signs nobody out by a link', async () => {
    const browser = openTestBrowser()
    await browser.signIn(page, 'alice')
    await browser.ask(`${page}/auth/sign-out`)
    assert.ok(await authorizationOf(await browser.ask(orders)))
  })
})

describe('a browser that says who it is', () => {
  test('is not believed', async () => {
    await fetch(orders, { headers: { authorization: 'Bearer a.b.c', 'x-customer': 'alice' } })
    const { headers } = gateway.seen.at(-1)!
    assert.equal(headers.authorization, undefined)
    assert.equal(headers['x-customer'], undefined)
  })

  test('is not believed beside its session either', async () => {
    const browser = openTestBrowser()
    await browser.signIn(page, 'alice')
    await browser.ask(orders, { headers: { authorization: 'Bearer a.b.c', 'x-customer': 'bob' } })
    const { headers } = gateway.seen.at(-1)!
    assert.equal(claimsOf(headers.authorization!).sub, 'alice')
    assert.equal(headers['x-customer'], undefined)
  })

  test('by Host is sent back to the page’s own address', async () => {
    const answer = await fetch(`${page}/auth/sign-in`, {
      headers: { 'x-forwarded-host': 'evil.example' },
      redirect: 'manual',
    })
    const { origin, searchParams } = new URL(answer.headers.get('location')!)
    assert.equal(origin, provider.issuer)
    assert.equal(searchParams.get('redirect_uri'), `${page}/auth/callback`)
  })
})
