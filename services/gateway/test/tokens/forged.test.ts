import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { after, before, describe, test } from 'node:test'
import { startOpenIdProvider } from '@hello/service-kit/testing/openid-provider'
import { exportSPKI, SignJWT, UnsecuredJWT } from 'jose'
import { audience, catalogue, startGuardedGateway } from './guarded-gateway.ts'

const { provider, send, upstreams, writes } = await startGuardedGateway()
const now = () => Math.floor(Date.now() / 1000)

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
      assert.match(answer.type, /token-missing$/)
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
