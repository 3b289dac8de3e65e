import { createServer } from 'node:http'
import { type CryptoKey, exportJWK, generateKeyPair, SignJWT } from 'jose'
import { json, listen } from './http-server.ts'

/** An OpenID provider as far as who verifies tokens sees it: its address of discovery and its keys. */
export async function startOpenIdProvider(audience: string) {
  let keys: { kid: string; alg: string; privateKey: CryptoKey; publicKey: CryptoKey }[] = []
  const provider = { url: '', away: false, issuer: '', asked: [] as string[] }
  const server = createServer(async ({ url }, response) => {
    provider.asked.push(url!)
    if (provider.away) return void response.destroy()
    if (url === '/.well-known/openid-configuration')
      return json(response, 200, { issuer: provider.issuer, jwks_uri: `${provider.url}/keys` })
    const published = keys.map(async ({ kid, alg, publicKey }) => ({
      ...(await exportJWK(publicKey)),
      kid,
      alg,
      use: 'sig',
    }))
    json(response, 200, { keys: await Promise.all(published) })
  })
  provider.url = (await listen(server)).url
  provider.issuer = provider.url

  async function addKey(kid: string, alg = 'ES256') {
    const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true })
    keys.push({ kid, alg, privateKey, publicKey })
  }
  await addKey('first')

  return Object.assign(provider, {
    addKey,
    removeKey: (kid: string) => {
      keys = keys.filter((key) => key.kid !== kid)
    },
    keyOf: (kid: string) => keys.find((key) => key.kid === kid)!,
    /** A token as this provider gives it, but for what `claims` and `header` make of it. */
    async token(
      claims: Record<string, unknown> = {},
      { kid = 'first', ...header }: { kid?: string; [name: string]: unknown } = {},
    ) {
      const { alg, privateKey } = keys.find((key) => key.kid === kid)!
      const now = Math.floor(Date.now() / 1000)
      const payload = { iss: provider.issuer, aud: audience, sub: 'someone', iat: now, exp: now + 300, ...claims }
      return new SignJWT(payload).setProtectedHeader({ alg, kid, typ: 'at+jwt', ...header }).sign(privateKey)
    },
  })
}
