import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { describe, test } from 'node:test'
import { startCollector } from './collector.ts'
import { startFixture } from './fixture/start.ts'

const collector = await startCollector()

/** A service that keeps traces by what they tell; `OTEL_SERVICE_NAME` tells its spans from those of the others. */
function startKeeping(name: string, sampling: string, upstream = '') {
  return startFixture(collector.url, {
    OTEL_SERVICE_NAME: name,
    OTEL_TRACES_SAMPLER: 'tail_traceidratio',
    OTEL_TRACES_SAMPLER_ARG: sampling,
    ...(upstream && { UPSTREAM_URL: upstream }),
  })
}

function idOf(response: Response): { traceId: string; flags: string } {
  const [, traceId, , flags] = response.headers.get('traceresponse')!.split('-')
  return { traceId: traceId!, flags: flags! }
}

const ofTrace = (traceId: string) => collector.spans.filter((span) => span.traceId === traceId)

/** Checks how many spans of the answer's trace each service has sent, once so many have come. */
async function assertKept(answer: Response, expected: Record<string, number>) {
  const { traceId } = idOf(answer)
  for (const [service, count] of Object.entries(expected)) {
    await collector.wait((span) => span.traceId === traceId && span.service === service, count)
  }
  const services = ofTrace(traceId).map(({ service }) => service)
  const counts = Object.fromEntries(services.map((name) => [name, services.filter((one) => one === name).length]))
  assert.deepEqual(counts, expected)
}

/** After this whatever the service had to send before has come. */
async function sendSomething({ url }: { url: string }) {
  const { traceId } = idOf(await fetch(`${url}/broken`))
  await collector.wait((span) => span.traceId === traceId, 2)
}

const nothingByRatio = 'ratio=0,slow_ms=9999999'

describe('of the traces that no ratio keeps', async () => {
  const callee = await startKeeping('callee', nothingByRatio)
  const caller = await startKeeping('caller', nothingByRatio, callee.url)
  const outer = await startKeeping('outer', nothingByRatio, caller.url)

  test('one that tells of no failure is not, and its answer says so', async () => {
    const answers = [await fetch(`${outer.url}/items/1`), await fetch(`${outer.url}/gone`)]
    await sendSomething(outer)
    for (const answer of answers) {
      assert.equal(idOf(answer).flags, '00')
      assert.deepEqual(ofTrace(idOf(answer).traceId), [])
    }
  })

  test('one that fails is, with the spans that had ended before', async () => {
    const answer = await fetch(`${outer.url}/broken`)
    assert.equal(idOf(answer).flags, '01')
    await assertKept(answer, { outer: 2 })
  })

  test('one that fails far down is, in every service up to the first', async () => {
    const answer = await fetch(`${outer.url}/hop/hop/broken`)
    assert.equal(answer.status, 500)
    await assertKept(answer, { callee: 2, caller: 3, outer: 3 })
  })

  test('one in which a failure was got over is, in every service up to the first', async () => {
    const answer = await fetch(`${outer.url}/hop/despite/broken`)
    assert.equal(answer.status, 200)
    assert.equal(idOf(answer).flags, '01')
    await assertKept(answer, { callee: 2, caller: 3, outer: 3 })
  })

  test('one that fails late has no spans of who had answered well before', async () => {
    const answer = await fetch(`${outer.url}/hop/fails-after/items/1`)
    await sendSomething(callee)
    await assertKept(answer, { caller: 3, outer: 3 })
  })

  test('exemplars name only those that are kept', async () => {
    for (const { managementUrl } of [outer, caller, callee]) {
      const metrics = await (await fetch(`${managementUrl}/metrics`)).text()
      const named = new Set([...metrics.matchAll(/trace_id="(\w+)"/g)].map(([, traceId]) => traceId!))
      assert.ok(named.size > 0)
      for (const traceId of named) await collector.wait((span) => span.traceId === traceId)
    }
  })
})

test('a slow request is kept', async () => {
  const outer = await startKeeping('outer', 'ratio=0,slow_ms=3')
  const headers = { 'content-type': 'application/json' }
  const answer = await fetch(`${outer.url}/items`, { method: 'POST', body: '{"n":1}', headers })
  await assertKept(answer, { outer: 2 })
})

test('the traces that the ratio keeps are the same in every service', async () => {
  const sampling = 'ratio=0.5,slow_ms=9999999'
  const callee = await startKeeping('callee', sampling)
  const outer = await startKeeping('outer', sampling, callee.url)
  const answers = await Promise.all(Array.from({ length: 40 }, () => fetch(`${outer.url}/hop/items/1`)))
  const wanted = answers.map(idOf).filter(({ flags }) => flags === '01')
  assert.ok(wanted.length > 0 && wanted.length < answers.length, `${wanted.length} of ${answers.length}`)
  for (const { traceId } of wanted) await collector.wait((span) => span.traceId === traceId, 5)
  const ofAnswers = collector.spans.filter(({ traceId }) => answers.some((answer) => idOf(answer).traceId === traceId))
  assert.deepEqual(new Set(ofAnswers.map(({ traceId }) => traceId)), new Set(wanted.map(({ traceId }) => traceId)))
})

test('a wrong setting ends the start with its name', () => {
  const preload = ['--import', '@hello/telemetry/preload', '--eval', '']
  const env = { ...process.env, OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, OTEL_TRACES_SAMPLER: 'tail_traceidratio' }
  for (const wrong of ['0.05', 'ratio=5,slow_ms=500', 'ratio=0.05', 'ratio=0.05,slow_ms=-1']) {
    const { status, stderr } = spawnSync(process.execPath, preload, {
      cwd: import.meta.dirname,
      env: { ...env, OTEL_TRACES_SAMPLER_ARG: wrong },
      encoding: 'utf8',
    })
    assert.equal(status, 1)
    assert.ok(stderr.includes(`OTEL_TRACES_SAMPLER_ARG is "${wrong}"`), stderr)
  }
})
