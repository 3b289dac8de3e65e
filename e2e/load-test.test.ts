import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { after, before, describe, test } from 'node:test'
import { type Shop, startShop } from '@hello/local/shop/start-shop'
import type { Report } from '../k6/report/records.ts'
import { frontend, gateway } from './lib/running-shop.ts'

const skip = spawnSync('k6', ['version']).error ? 'not on this machine: k6 (make tools)' : false
const root = join(import.meta.dirname, '..')
/** A slow machine has broken a promise; all else must hold. */
const judged = [0, 99]

let out: string
before(() => {
  out = mkdtempSync(join(tmpdir(), 'load-test-'))
})
after(() => rmSync(out, { recursive: true }))

/** As `make load-test` does. */
async function loadTest(profile: string, env: Record<string, string>) {
  const run = spawn(process.execPath, ['k6/run.ts', profile, '--out', out], {
    cwd: root,
    env: { ...process.env, PROMETHEUS_URL: 'http://127.0.0.1:1', ...env },
  })
  const [stdout, stderr, [code]] = await Promise.all([text(run.stdout), text(run.stderr), once(run, 'close')])
  const read = (): Report => JSON.parse(readFileSync(join(out, `${profile}.json`), 'utf8'))
  return { code, stdout, stderr, read }
}

describe('make load-test', { skip }, () => {
  const shop = { GATEWAY_URL: gateway, FRONTEND_URL: frontend }

  test('judges the shop, and leads from the slowest requests to their traces', async () => {
    const { code, stdout, stderr, read } = await loadTest('smoke', { ...shop, TIME_SCALE: '0.2', RATE_SCALE: '5' })
    assert.ok(judged.includes(code), `${code}: ${stdout}${stderr}`)
    const { books, checks, orders, objectives, slowest, passed } = read()
    assert.equal(passed, code === 0)
    assert.match(stdout, passed ? /^Passed {2}/m : /^Failed {2}/m)
    assert.ok(books.balance && checks.failed.length === 0, stdout)
    assert.equal(books.sold, orders.created + orders.pending)
    assert.ok(objectives.reduce((sum, { requests }) => sum + requests, 0) >= 40, stdout)
    assert.match(readFileSync(join(out, 'smoke.html'), 'utf8'), /<h2>Slowest requests<\/h2>/)
    assert.equal(slowest.length, 10)
    for (const { link, trace } of slowest) assert.equal(link, `${frontend}/signals/traces/${trace}`)
  })

  test('sells exactly what there is to more buyers than that', async () => {
    const { code, stdout, stderr, read } = await loadTest('race', { ...shop, RATE_SCALE: '0.2' })
    assert.equal(code, 0, stdout + stderr)
    const { supplied, sold, left, balance } = read().books
    assert.deepEqual({ supplied, sold, left, balance }, { supplied: 120, sold: 120, left: 0, balance: true })
  })

  test('begins nothing where the shop is away, or is another machine that nobody has named', async () => {
    const [away, elsewhere] = await Promise.all([
      loadTest('spike', { GATEWAY_URL: 'http://localhost:1' }),
      loadTest('stress', { GATEWAY_URL: 'http://192.0.2.1:8080' }),
    ])
    assert.deepEqual([away.code, elsewhere.code], [108, 108])
    assert.match(away.stderr, /GET http:\/\/localhost:1\/health was not answered 200 within 10 s/)
    assert.match(elsewhere.stderr, /192\.0\.2\.1 is not this machine\. .*ALLOW_HOST=192\.0\.2\.1/)
    assert.throws(away.read, { code: 'ENOENT' })
  })
})

describe('make load-test, on a shop that lets 60 requests a second through', { skip }, () => {
  let shop: Shop
  before(async () => {
    if (skip) return
    shop = await startShop({ durable: false, env: { RATE_LIMIT_PER_SECOND: '60' } })
    await shop.ready()
  })
  after(() => shop?.stop())

  test('works when its database has just crashed', async () => {
    shop
      .processes()
      .find(({ service }) => service === 'postgres')!
      .kill('SIGKILL')
    const { code, stdout, stderr, read } = await loadTest('smoke', {
      GATEWAY_URL: shop.urls.gateway,
      TIME_SCALE: '0.1',
    })
    assert.ok(judged.includes(code), `${code}: ${stdout}${stderr}`)
    assert.ok(read().books.balance, stdout)
  })

  test('finds the rate at which it breaks', async () => {
    const scale = { TIME_SCALE: '0.02', RATE_SCALE: '0.1' }
    const { code, stdout, stderr, read } = await loadTest('breakpoint', { GATEWAY_URL: shop.urls.gateway, ...scale })
    assert.equal(code, 0, stdout + stderr)
    assert.match(stdout, /^Breaks at [\d.]+ visits a second/m)
    // 24 s to 120 visits a second, of 1.6 requests: the limit is met long before the end.
    const { at } = read().breaks!
    assert.ok(at && at.visits < 80, stdout)
  })
})
