import assert from 'node:assert/strict'
import { test } from 'node:test'
import { allFaults } from '@hello/faults/all-faults'
import { activeFaults, healFaults, keepFault } from '@hello/faults/flag-store'
import { eventually } from '@hello/test-support/eventually'
import { buildApp } from '../server/app.ts'
import { faultsPath, faultsServer } from './faults-server.ts'
import { testBundle, testSettings } from './frontend-server.ts'

const minute = { ratio: 0.5, seconds: 60 }

test('lists every fault, with all that the page tells of it', async (t) => {
  const { list } = await faultsServer(t)
  const faults = await list()
  assert.deepEqual(
    faults.map(({ name, on }) => ({ name, on })),
    allFaults.map(({ name }) => ({ name, on: null })),
  )
  const slow = faults.find(({ name }) => name === 'slow-inventory')!
  const defined = allFaults.find(({ name }) => name === 'slow-inventory')!
  const { fires, ...said } = slow
  assert.deepEqual(said, {
    ...Object.fromEntries(Object.keys(said).map((key) => [key, defined[key as keyof typeof defined]])),
    on: null,
  })
  assert.deepEqual(fires, ['ShopLatencyBudgetBurn'])
  // The page reads it.
  for (const { evidence } of faults)
    for (const { kind, query } of evidence) if (kind === 'trace') assert.ok(JSON.parse(query).service, query)
})

test('sets a fault for a time, sets it anew, and heals it', async (t) => {
  const { store, list, set, heal } = await faultsServer(t)
  const from = Date.now()
  const answer = await set('slow-inventory', minute)
  assert.equal(answer.statusCode, 204, answer.body)
  const on = async () => (await list()).find(({ name }) => name === 'slow-inventory')!.on
  const first = (await on())!
  assert.equal(first.ratio, 0.5)
  assert.ok(Date.parse(first.until) >= from + 60_000 && Date.parse(first.until) <= Date.now() + 61_000, first.until)

  assert.equal((await set('slow-inventory', { ratio: 1, seconds: 3600 })).statusCode, 204)
  const second = (await on())!
  assert.equal(second.ratio, 1)
  assert.ok(Date.parse(second.until) >= from + 3_600_000)
  assert.deepEqual(
    (await activeFaults(store)).map(({ name }) => name),
    ['slow-inventory'],
  )
  for (const _ of ['once', 'again']) assert.equal((await heal('slow-inventory')).statusCode, 204)
  assert.equal(await on(), null)
})

test('keeps several at once, heals all, and sets what was healed', async (t) => {
  const { on, set, heal } = await faultsServer(t)
  const names = ['none', 'red-herring', 'slow-inventory', 'table-lock']
  await Promise.all(names.map((name) => set(name, minute)))
  assert.deepEqual(await on(), names)
  assert.equal((await heal()).statusCode, 204)
  assert.deepEqual(await on(), [])
  assert.equal((await set('none', minute)).statusCode, 204)
  assert.deepEqual(await on(), ['none'])
})

test('takes over what another program keeps on, and ends it', async (t) => {
  const { store, list, on, set, heal } = await faultsServer(t)
  const fault = allFaults.find(({ name }) => name === 'red-herring')!
  const { signal } = new AbortController()
  const other = keepFault(store, fault, { forMs: 60_000, signal })
  await eventually(async () => assert.deepEqual(await on(), ['red-herring']))
  assert.equal((await set('red-herring', minute)).statusCode, 204)
  assert.equal(await other, 'healed')
  assert.equal((await list()).find(({ name }) => name === 'red-herring')!.on!.ratio, 0.5)
  const another = keepFault(store, allFaults.find(({ name }) => name === 'none')!, { forMs: 60_000, signal })
  await eventually(async () => assert.deepEqual(await on(), ['none', 'red-herring']))
  await heal()
  assert.equal(await another, 'healed')
  assert.deepEqual(await on(), [])
})

test('is healed by another program, and by its time', async (t) => {
  const { store, on, set } = await faultsServer(t)
  await set('none', minute)
  await healFaults(store)
  assert.deepEqual(await on(), [])
  await set('red-herring', { ratio: 1, seconds: 1 })
  await eventually(async () => assert.deepEqual(await on(), []))
})

test('leaves nothing on when it ends', async (t) => {
  const { app, store, set } = await faultsServer(t)
  await set('none', minute)
  await set('red-herring', minute)
  assert.equal((await activeFaults(store)).length, 2)
  await app.close()
  assert.deepEqual(await activeFaults(store), [])
})

test('refuses what is no fault, no strength or no time', async (t) => {
  const { on, set, heal } = await faultsServer(t)
  for (const [name, body, status, type, field] of [
    ['nothing', minute, 404, 'fault-not-found'],
    ['__proto__', minute, 404, 'fault-not-found'],
    ['%3Cimg%20src=x%20onerror=alert(1)%3E', minute, 404, 'fault-not-found'],
    ['x'.repeat(5000), minute, 404, 'fault-not-found'],
    ['none', { ...minute, ratio: 0 }, 400, 'invalid-request', 'ratio'],
    ['none', { ...minute, ratio: -1 }, 400, 'invalid-request', 'ratio'],
    ['none', { ...minute, ratio: 1.001 }, 400, 'invalid-request', 'ratio'],
    ['none', '{"ratio":1e308,"seconds":60}', 400, 'invalid-request', 'ratio'],
    ['none', '{"ratio":1e999,"seconds":60}', 400, 'invalid-request', 'ratio'],
    ['none', { ...minute, ratio: '0.5' }, 400, 'invalid-request', 'ratio'],
    ['none', { ...minute, seconds: 0 }, 400, 'invalid-request', 'seconds'],
    ['none', { ...minute, seconds: -1 }, 400, 'invalid-request', 'seconds'],
    ['none', { ...minute, seconds: 3601 }, 400, 'invalid-request', 'seconds'],
    ['none', { ...minute, seconds: 1.5 }, 400, 'invalid-request', 'seconds'],
    ['none', { ratio: 0.5 }, 400, 'invalid-request', 'seconds'],
    ['none', { ...minute, services: ['gateway'] }, 400, 'invalid-request', 'services'],
    ['none', '{"ratio":', 400, 'invalid-request'],
    ['none', '', 400, 'invalid-request'],
    ['none', `{"ratio":${' '.repeat(100_000)}1}`, 413, 'body-too-large'],
  ] as const) {
    const answer = await set(name, body)
    const what = `${name.slice(0, 40)} ${JSON.stringify(body).slice(0, 60)}: ${answer.body}`
    assert.equal(answer.statusCode, status, what)
    assert.match(String(answer.headers['content-type']), /problem\+json/)
    assert.match(answer.json().type, new RegExp(`${type}$`))
    assert.equal(answer.json().field, field, what)
    assert.ok(!answer.body.includes('<img'), what)
  }
  assert.equal((await heal('nothing')).statusCode, 404)
  assert.deepEqual(await on(), [])
})

test('takes changes of the page itself only, and not many at once', async (t) => {
  const { app, on, set, heal } = await faultsServer(t)
  for (const headers of [
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
    { 'sec-fetch-site': 'none' },
    { origin: 'http://attacker.example', host: 'localhost:3001' },
    { origin: 'http://localhost:3002', host: 'localhost:3001' },
    { origin: 'null', host: 'localhost:3001' },
  ]) {
    const answer = await set('none', minute, headers)
    assert.equal(answer.statusCode, 403, JSON.stringify(headers))
    assert.match(answer.json().type, /other-origin$/)
  }
  assert.deepEqual(await on(), [])
  for (const headers of [
    { 'sec-fetch-site': 'same-origin' },
    { origin: 'http://localhost:3001', host: 'localhost:3001' },
  ])
    assert.equal((await set('none', minute, headers)).statusCode, 204)
  assert.equal((await heal('none', { 'sec-fetch-site': 'cross-site' })).statusCode, 403)
  assert.equal((await heal('', { 'sec-fetch-site': 'cross-site' })).statusCode, 403)
  assert.deepEqual(await on(), ['none'])
  const asked = await app.inject({ method: 'OPTIONS', url: faultsPath, headers: { origin: 'http://attacker.example' } })
  assert.equal(asked.headers['access-control-allow-origin'], undefined)
  const burst = await Promise.all(Array.from({ length: 10 }, () => app.inject({ method: 'DELETE', url: faultsPath })))
  assert.ok(burst.some(({ statusCode }) => statusCode === 429))
})

test('where the page is off, there is nothing, whoever asks and however', async (t) => {
  const { app, store } = await faultsServer(t, { FAULTS_PAGE: false })
  assert.equal((await app.inject('/config.json')).json().faults, false)
  for (const url of [faultsPath, `${faultsPath}/none`, '/faults/api/'])
    for (const method of ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'] as const)
      for (const payload of [undefined, JSON.stringify(minute), '{']) {
        const headers = { accept: 'text/html', ...(payload && { 'content-type': 'application/json' }) }
        const answer = await app.inject({ method, url, headers, ...(payload && { payload }) })
        assert.equal(answer.statusCode, 404, `${method} ${url} ${payload}`)
        assert.match(String(answer.headers['content-type']), /problem\+json/)
        if (method !== 'HEAD') assert.match(answer.json().type, /route-not-found$/)
      }
  assert.deepEqual(await activeFaults(store), [])
})

test('tells the page that it may, and does not start without a file for the flags', async (t) => {
  const { app } = await faultsServer(t)
  assert.equal((await app.inject('/config.json')).json().faults, true)
  await assert.rejects(buildApp({ ...testSettings, FAULTS_PAGE: true }, testBundle), /FAULTS_PAGE needs FAULTS_FILE/)
})
