import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { frontend } from './frontend-server.ts'
import { claimsOf, startSignInServer } from './sign-in-server.ts'
import { openTestBrowser } from './test-browser.ts'

const { gateway, page, provider, settings } = await startSignInServer()
const orders = `${page}/api/orders`
const config = async (browser: ReturnType<typeof openTestBrowser>) => (await browser.ask(`${page}/config.json`)).json()
const authorizationOf = async (response: Response) => (await response.json()).authorization
const isForm = (url: URL) => url.pathname.startsWith('/interaction/')

describe('signing in', () => {
  test('ends on the shop’s page, which knows the customer’s name', async () => {
    const browser = openTestBrowser()
    assert.deepEqual(await config(browser).then(({ signIn, customer }) => [signIn, customer]), [true, null])
    const { url, response } = await browser.signIn(page, 'alice')
    assert.equal(url.href, `${page}/`)
    assert.equal(response.status, 200)
    assert.equal((await config(browser)).customer, 'alice')
  })

  test('sends what concerns the customer on with the customer’s token, which the browser never has', async () => {
    const browser = openTestBrowser()
    await browser.signIn(page, 'alice')
    for (const [path, method] of [
      ['/api/orders', 'GET'],
      ['/api/orders?limit=3', 'GET'],
      ['/api/orders/1', 'GET'],
      ['/api/orders', 'POST'],
      ['/api/products', 'POST'],
      ['/api/inventory/1', 'PUT'],
    ] as const) {
      const { iss, aud, sub } = claimsOf(await authorizationOf(await browser.ask(page + path, { method })))
      assert.deepEqual({ iss, aud, sub }, { iss: provider.issuer, aud: 'urn:shop', sub: 'alice' })
    }
    for (const [path, method] of [
      ['/api/products', 'GET'],
      ['/api/inventory?limit=5', 'GET'],
      ['/api/orderssomething', 'GET'],
    ] as const)
      assert.equal(await authorizationOf(await browser.ask(page + path, { method })), null)
    const kept = [...browser.cookies(page).values()].join()
    const sent = gateway.seen.flatMap(({ headers }) => headers.authorization ?? [])
    for (const token of sent) assert.ok(!kept.includes(token.split('.')[2]!))
    assert.ok(gateway.seen.every(({ headers }) => headers.cookie === undefined))
  })

  test('gives only the staff the scopes of the catalogue and the stock', async () => {
    const scopeOf = async (name: string) => {
      const browser = openTestBrowser()
      await browser.signIn(page, name)
      return claimsOf(await authorizationOf(await browser.ask(orders))).scope ?? ''
    }
    assert.deepEqual((await scopeOf('staff')).split(' ').sort(), ['catalogue:write', 'stock:write'])
    assert.equal(await scopeOf('alice'), '')
  })

  test('keeps its cookies from scripts and from other sites', async () => {
    const browser = openTestBrowser()
    let set: string[] = []
    const { url } = await browser.signIn(page, 'alice', ({ pathname }) => pathname === '/auth/callback')
    set = (await browser.ask(url.href)).headers.getSetCookie()
    const session = set.find((line) => line.startsWith('session='))!
    for (const attribute of [/HttpOnly/, /SameSite=Lax/i, /Path=\//]) assert.match(session, attribute)
    const secure = await frontend({ after() {} } as never, { ...settings, PAGE_URL: 'https://shop.example.com' })
    const begun = await secure.inject('/auth/sign-in')
    await secure.close()
    assert.match(String(begun.headers['set-cookie']), /^__Host-sign-in=.*Secure/)
    assert.match(begun.headers.location!, /redirect_uri=https%3A%2F%2Fshop.example.com%2Fauth%2Fcallback/)
  })

  test('that the person breaks off leads back to the shop', async () => {
    const browser = openTestBrowser()
    const form = await browser.go(`${page}/auth/sign-in`)
    assert.ok(isForm(form.url))
    const { url } = await browser.go(`${form.url.href}/abort`)
    assert.equal(url.href, `${page}/`)
    assert.equal((await config(browser)).customer, null)
  })
})

describe('signing out', () => {
  test('ends the session here and at the provider', async () => {
    const browser = openTestBrowser()
    await browser.signIn(page, 'alice')
    const answer = await browser.ask(`${page}/auth/sign-out`, { method: 'POST' })
    assert.equal(answer.status, 200)
    const { url } = await answer.json()
    assert.ok(url.startsWith(`${provider.issuer}/session/end?`))
    assert.equal((await config(browser)).customer, null)
    assert.equal(await authorizationOf(await browser.ask(orders)), null)
  })
})

describe('a token that ends', async () => {
  const short = await startSignInServer({ tokenTime: 11 })
  const subjects = async (browser: ReturnType<typeof openTestBrowser>, times: number) => {
    const answers = await Promise.all(Array.from({ length: times }, () => browser.ask(`${short.page}/api/orders`)))
    return Promise.all(answers.map(async (answer) => claimsOf(await authorizationOf(answer))))
  }

  test('is changed for a new one, once for all requests that come together', async () => {
    const browser = openTestBrowser()
    await browser.signIn(short.page, 'alice')
    const [first] = await subjects(browser, 1)
    await delay(1500)
    const old = new Map(browser.cookies(short.page))
    const later = await subjects(browser, 10)
    assert.deepEqual([...new Set(later.map(({ sub }) => sub))], ['alice'])
    assert.equal(new Set(later.map(({ jti }) => jti)).size, 1)
    assert.notEqual(later[0].jti, first.jti)
    // A request that was under way with the old cookie.
    for (const [name, value] of old) browser.cookies(short.page).set(name, value)
    assert.equal((await subjects(browser, 1))[0].jti, later[0].jti)
  })

  test('and was made worthless at the provider ends the session, and the page is told so', async () => {
    const [browser, elsewhere] = [openTestBrowser(), openTestBrowser()]
    await browser.signIn(short.page, 'alice')
    for (const [name, value] of browser.cookies(short.page)) elsewhere.cookies(short.page).set(name, value)
    assert.equal((await elsewhere.ask(`${short.page}/auth/sign-out`, { method: 'POST' })).status, 200)
    await delay(1500)
    const answer = await browser.ask(`${short.page}/api/orders`)
    assert.equal(answer.status, 401)
    assert.match((await answer.json()).type, /session-over$/)
    assert.equal((await (await browser.ask(`${short.page}/config.json`)).json()).customer, null)
  })

  test('while the provider is away is not taken for nobody’s, and the shop can be looked at', async () => {
    const browser = openTestBrowser()
    await browser.signIn(short.page, 'alice')
    await short.provider.stop()
    await delay(1500)
    const asked = short.gateway.seen.length
    const answer = await browser.ask(`${short.page}/api/orders`, { method: 'POST' })
    assert.equal(answer.status, 503)
    assert.equal(answer.headers.get('retry-after'), '5')
    assert.equal(short.gateway.seen.length, asked)
    assert.equal((await browser.ask(`${short.page}/api/products`)).status, 200)
    assert.equal((await (await browser.ask(`${short.page}/config.json`)).json()).customer, 'alice')
  })
})

test('does not start with half of the settings', async (t) => {
  const { SESSION_SECRET, ...half } = settings
  assert.ok(SESSION_SECRET)
  await assert.rejects(frontend(t, half), /OIDC_ISSUER needs OIDC_CLIENT_ID, PAGE_URL and SESSION_SECRET/)
})

test('says that nobody signs in where it is off', async (t) => {
  const app = await frontend(t)
  assert.equal((await app.inject({ url: '/auth/sign-in', headers: { accept: 'text/html' } })).statusCode, 404)
  assert.equal((await app.inject('/config.json')).json().signIn, false)
})
