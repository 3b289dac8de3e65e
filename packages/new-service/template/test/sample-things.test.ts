import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { createTestDatabase } from '@hello/postgres/test-database'
import { readConfig } from '@hello/service-kit/config'
import { buildApp } from '../src/app.ts'
import { Config } from '../src/config.ts'

let app: Awaited<ReturnType<typeof buildApp>>

before(async () => {
  app = await buildApp(readConfig(Config, { DATABASE_URL: await createTestDatabase(), LOG_LEVEL: 'silent' }))
})
after(() => app.close())

const add = (payload: object) => app.inject({ method: 'POST', url: '/sample-things', payload })

test('a new one is answered with its address, and is there', async () => {
  const added = await add({ name: 'First' })
  assert.equal(added.statusCode, 201)
  assert.equal(added.json().name, 'First')
  assert.deepEqual((await app.inject(added.headers.location as string)).json(), added.json())
})

test('the list names the next page until there is none', async () => {
  await add({ name: 'Last' })
  const first = await app.inject('/sample-things?limit=1')
  assert.deepEqual(
    first.json().map(({ name }: { name: string }) => name),
    ['First'],
  )
  const next = /^<([^>]+)>; rel="next"$/.exec(first.headers.link as string)![1]!
  const last = await app.inject(next)
  assert.equal(last.json()[0].name, 'Last')
  assert.equal(last.headers.link, undefined)
})

test('one that is not there is a problem that says what to do', async () => {
  const answer = await app.inject('/sample-things/none')
  assert.equal(answer.statusCode, 404)
  assert.match(answer.headers['content-type'] as string, /^application\/problem\+json/)
  assert.match(answer.json().type, /problem:resource-not-found$/)
  assert.match(answer.json().detail, /POST \/sample-things makes one/)
})

for (const [what, payload] of [
  ['without a name', {}],
  ['with an empty name', { name: '' }],
  ['with a name of 201 characters', { name: 'x'.repeat(201) }],
  ['with a NUL in its name', { name: 'a\u0000b' }],
  ['with a field that is not known', { name: 'x', colour: 'red' }],
] as const)
  test(`one ${what} is refused`, async () => {
    assert.equal((await add(payload)).statusCode, 400)
  })
