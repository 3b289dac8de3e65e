import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { after, before, describe, test } from 'node:test'
import { startService } from '@hello/service-kit/testing/child-service'
import { startServer } from '@hello/service-kit/testing/http-server'
import { startOpenIdProvider } from '@hello/service-kit/testing/openid-provider'
import { eventually } from '@hello/test-support/eventually'
import { exportSPKI, SignJWT, UnsecuredJWT } from 'jose'
import { echo, startGatewayWithUpstreams } from './gateway.ts'

const audience = 'shop'
const provider = await startOpenIdProvider(audience)
const upstreams = {
  product: await startServer(echo('product')),
  inventory: await startServer(echo('inventory')),
  order: await startServer(echo('order')),
}
const { url, log } = await startService(new URL('../src/server.ts', import.meta.url).pathname, {
  PRODUCT_SERVICE_URL: upstreams.product.url,
  INVENTORY_SERVICE_URL: upstreams.inventory.url,
  ORDER_SERVICE_URL: upstreams.order.url,
  OIDC_ISSUER: provider.issuer,
  OIDC_AUDIENCE: audience,
})

const json = { 'content-type': 'application/json' }
interface Sent {
  method?: string
  path?: string
  authorization?: string | undefined
  body?: unknown
}

/** Sends a new product unless something else is said. */
async function send({ method = 'POST', path = '/api/products', authorization, body = { name: 'P', price: 1 } }: Sent) {
  const response = await fetch(url + path, {
    method,
    headers: { ...json, ...(authorization && { authorization }) },
    body: JSON.stringify(body),
  })
  return { status: response.status, headers: response.headers, answer: await response.json() }
}
const writes = (token: string) => send({ authorization: `Bearer ${token}` })
const catalogue = { scope: 'catalogue:write' }
const now = () => Math.floor(Date.now() / 1000)

describe('a write of the catalogue or the stock', () => {
  test('goes through with a token that allows it, and the token stays here', async () => {
    const token = await provider.token({ scope: 'openid catalogue:write' })
    assert.equal((await writes(token)).status, 200)
    const put = { method: 'PUT', path: '/api/inventory/product1', body: { quantity: 3 } }
    const authorization = `bearer ${await provider.token({ scope: 'stock:write' })}`
    assert.equal((await send({ ...put, authorization })).status, 200)
    const [product] = upstreams.product.seen.slice(-1)
    assert.equal(product?.headers.authorization, undefined)
    assert.equal(upstreams.inventory.seen.at(-1)?.headers.authorization, undefined)
  })

  test('leaves a line that says who did what, and no line has the token', async () => {
    const token = await provider.token({ ...catalogue, sub: 'somebody-else' })
    await writes(token)
    const audit = await eventually(() => {
      const line = log.find(({ subject }) => subject === 'somebody-else')
      assert.ok(line)
      return line
    })
    assert.deepEqual(
      { msg: audit.msg, method: audit.method, resource: audit.resource, status: audit.status },
      { msg: 'audit', method: 'POST', resource: '/api/products', status: 200 },
    )
    assert.ok(!JSON.stringify(log).includes(token.split('.')[2]!), 'a signature is in the log')
  })

  test('needs a token, and nothing else does', async () => {
    const { status, headers, answer } = await send({})
    assert.equal(status, 401)
    assert.equal(headers.get('www-authenticate'), 'Bearer')
    assert.match(answer.type, /token-invalid$/)
    for (const [method, path] of [
      ['GET', '/api/products'],
      ['GET', '/api/inventory/product1'],
      ['POST', '/api/inventory/check'],
      ['POST', '/api/orders'],
      ['GET', '/api/orders'],
    ] as const)
      assert.equal(
        (await fetch(url + path, { method, ...(method === 'POST' && { headers: json, body: '{}' }) })).status,
        200,
      )
  })

  test('is refused before its body is read', async () => {
    const response = await fetch(`${url}/api/products`, { method: 'POST', headers: json, body: '{' })
    assert.equal(response.status, 401)
  })

  test('is refused with the scope of another', async () => {
    for (const scope of ['stock:write', '', 'catalogue', 'catalogue:write2', 'CATALOGUE:WRITE']) {
      const { status, headers, answer } = await writes(await provider.token({ scope }))
      assert.equal(status, 403, scope)
      assert.equal(headers.get('www-authenticate'), 'Bearer error="insufficient_scope", scope="catalogue:write"')
      assert.match(answer.type, /insufficient-scope$/)
    }
  })
})

describe('a token', () => {
  const forged = (payload: object, header: object, signature = '') => {
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
    return `${part(header)}.${part(payload)}.${signature}`
  }
  const claims = () => ({ iss: provider.issuer, aud: audience, sub: 'someone', exp: now() + 300, ...catalogue })
  const secretOf = async () => new TextEncoder().encode(await exportSPKI(provider.keyOf('first').publicKey))
  let stranger: Awaited<ReturnType<typeof startOpenIdProvider>>
  before(async () => {
    stranger = await startOpenIdProvider(audience)
  })
  let asked: number
  before(() => {
    asked = upstreams.product.seen.length
  })
  after(() => assert.equal(upstreams.product.seen.length, asked, 'something came through'))

  const refused: Record<string, () => Promise<string> | string> = {
    'that has expired': () => provider.token({ ...catalogue, exp: now() - 60 }),
    'that is not valid yet': () => provider.token({ ...catalogue, nbf: now() + 60 }),
    'that never ends': () => provider.token({ ...catalogue, exp: undefined }),
    'that ends at no number': () => provider.token({ ...catalogue, exp: 'never' }),
    'of nobody': () => provider.token({ ...catalogue, sub: undefined }),
    'for another audience': () => provider.token({ ...catalogue, aud: 'another' }),
    'for no audience': () => provider.token({ ...catalogue, aud: undefined }),
    'for audiences without this one': () => provider.token({ ...catalogue, aud: ['a', 'shop2'] }),
    'of another issuer': () => provider.token({ ...catalogue, iss: 'https://accounts.example.com' }),
    'of no issuer': () => provider.token({ ...catalogue, iss: undefined }),
    "of an issuer whose name begins with this one's": () =>
      provider.token({ ...catalogue, iss: `${provider.issuer}/evil` }),
    "signed by another's key of the same name": () => stranger.token({ ...catalogue, iss: provider.issuer }),
    'signed by a key that is not known': () =>
      provider.token(catalogue, { kid: 'first' }).then((token) => withKid(token, 'x')),
    'that is not signed': () => new UnsecuredJWT(claims()).encode(),
    'of the algorithm none': () => forged(claims(), { alg: 'none', kid: 'first' }),
    'of the algorithm nOnE': () => forged(claims(), { alg: 'nOnE', kid: 'first' }),
    'signed by HMAC with the public key': async () =>
      new SignJWT(claims()).setProtectedHeader({ alg: 'HS256', kid: 'first' }).sign(await secretOf()),
    'signed by HMAC with nothing': () => {
      const unsigned = forged(claims(), { alg: 'HS256' }).slice(0, -1)
      return `${unsigned}.${createHmac('sha256', '').update(unsigned).digest('base64url')}`
    },
    'with the address of another key': () =>
      stranger.token({ ...catalogue, iss: provider.issuer }, { jku: `${stranger.url}/keys` }),
    'with a key of its own': () =>
      stranger.token({ ...catalogue, iss: provider.issuer }, { jwk: { kty: 'EC', crv: 'P-256', x: 'a', y: 'b' } }),
    'with a critical header that is not understood': () =>
      forged(claims(), { alg: 'ES256', crit: ['b64'], b64: false }, 'AA'),
    'whose claims were changed': async () => {
      const [header, , signature] = (await provider.token({ scope: 'openid' })).split('.')
      return `${header}.${Buffer.from(JSON.stringify(claims())).toString('base64url')}.${signature}`
    },
    'without its signature': async () => `${(await provider.token(catalogue)).split('.').slice(0, 2).join('.')}.`,
    'with half of its signature': async () => (await provider.token(catalogue)).slice(0, -20),
    'whose claims are no object': () => forged([], { alg: 'ES256', kid: 'first' }, 'AAAA'),
    'that is no JWT': () => 'abc',
    'that is two dots': () => '..',
    'that is encrypted': () => 'a.b.c.d.e',
  }
  const withKid = (token: string, kid: string) => {
    const [, payload, signature] = token.split('.')
    return `${Buffer.from(JSON.stringify({ alg: 'ES256', kid })).toString('base64url')}.${payload}.${signature}`
  }

  for (const [what, make] of Object.entries(refused))
    test(`${what} is refused`, async () => {
      const { status, headers, answer } = await writes(await make())
      assert.equal(status, 401, JSON.stringify(answer))
      assert.match(headers.get('content-type')!, /^application\/problem\+json/)
      assert.match(headers.get('www-authenticate')!, /^Bearer error="invalid_(token|request)"$/)
      assert.match(answer.type, /token-invalid$/)
    })

  for (const authorization of [
    'Bearer',
    'Bearer ',
    'Bearer a b',
    'Basic c29tZW9uZTpzZWNyZXQ=',
    'Bearer\ta.b.c',
    'a.b.c',
  ])
    test(`sent as ${JSON.stringify(authorization)} is refused`, async () => {
      const { status, headers } = await send({ authorization })
      assert.equal(status, 401)
      assert.match(headers.get('www-authenticate')!, /^Bearer/)
    })

  test('in the query or the body opens nothing', async () => {
    const token = await provider.token(catalogue)
    assert.equal((await send({ path: `/api/products?access_token=${token}` })).status, 401)
    assert.equal((await send({ body: { access_token: token, name: 'P', price: 1 } })).status, 401)
  })
})

describe('the issuer', () => {
  test('may bring a new key and take the old one away', async () => {
    const old = await provider.token(catalogue)
    assert.equal((await writes(old)).status, 200)
    await provider.addKey('second', 'RS256')
    provider.removeKey('first')
    const token = await provider.token(catalogue, { kid: 'second' })
    await eventually(async () => assert.equal((await writes(token)).status, 200))
    assert.equal((await writes(old)).status, 401)
  })

  test('is not asked again for each token of a key that it does not have', async () => {
    const before = provider.asked.length
    const token = await provider.token(catalogue, { kid: 'second' })
    const [, payload, signature] = token.split('.')
    for (let count = 0; count < 50; count++) {
      const header = Buffer.from(JSON.stringify({ alg: 'ES256', kid: `made-up-${count}` })).toString('base64url')
      assert.equal((await writes(`${header}.${payload}.${signature}`)).status, 401)
    }
    assert.ok(provider.asked.length - before < 50, `${provider.asked.length - before} questions`)
  })

  test('may be away while its keys are known', async () => {
    provider.away = true
    try {
      assert.equal((await writes(await provider.token(catalogue, { kid: 'second' }))).status, 200)
    } finally {
      provider.away = false
    }
  })

  test('that is away at the start is asked again, and nobody is let in meanwhile', async () => {
    const late = await startOpenIdProvider(audience)
    late.away = true
    const gateway = await startGatewayWithUpstreams({ OIDC_ISSUER: late.issuer, OIDC_AUDIENCE: audience })
    const post = async () =>
      fetch(`${gateway.url}/api/products`, {
        method: 'POST',
        headers: { ...json, authorization: `Bearer ${await late.token(catalogue)}` },
        body: '{}',
      })
    const answer = await post()
    assert.equal(answer.status, 503)
    assert.equal(answer.headers.get('retry-after'), '1')
    assert.equal((await fetch(`${gateway.url}/api/products`)).status, 200)
    late.away = false
    await eventually(async () => assert.equal((await post()).status, 200))
  })

  test('whose discovery says that it is another is not believed', async () => {
    const liar = await startOpenIdProvider(audience)
    const gateway = await startGatewayWithUpstreams({ OIDC_ISSUER: liar.issuer, OIDC_AUDIENCE: audience })
    liar.issuer = 'https://accounts.example.com'
    const headers = { ...json, authorization: `Bearer ${await liar.token(catalogue)}` }
    const answer = await fetch(`${gateway.url}/api/products`, { method: 'POST', headers, body: '{}' })
    assert.equal(answer.status, 503)
  })
})
