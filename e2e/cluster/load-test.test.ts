import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { after, test } from 'node:test'
import { eventually } from '@hello/test-support/eventually'
import type { Report } from '../../k6/report/records.ts'
import { cluster, frontend, kubectl, query } from './shop-cluster.ts'

const root = join(import.meta.dirname, '../..')
const out = mkdtempSync(join(tmpdir(), 'load-test-'))
after(() => rmSync(out, { recursive: true }))

test('make load-test IN_CLUSTER=1 judges the shop from beside it, and leaves nothing there', async (t) => {
  const run = spawn(process.execPath, ['k6/run.ts', 'smoke', '--in-cluster', '--cluster', cluster, '--out', out], {
    cwd: root,
    env: { ...process.env, FRONTEND_URL: frontend, TIME_SCALE: '0.5' },
  })
  const [stdout, stderr, [code]] = await Promise.all([text(run.stdout), text(run.stderr), once(run, 'close')])
  t.diagnostic(stdout)
  // 99: a slow machine has broken a promise.
  assert.ok(code === 0 || code === 99, `${code}: ${stdout}${stderr}`)
  const { gateway, books, checks }: Report = JSON.parse(readFileSync(join(out, 'smoke.json'), 'utf8'))
  assert.equal(gateway, 'http://gateway:8080')
  assert.ok(books.balance && books.sold > 0 && checks.failed.length === 0, stdout)
  await eventually(async () => (await query('sum(increase(k6_http_reqs_total[10m]))')).length > 0)
  assert.equal(
    await kubectl('get', 'job,configmap', '--selector=app.kubernetes.io/name=load-test', '--output=name'),
    '',
  )
})
