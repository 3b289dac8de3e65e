import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { eventually } from '@hello/test-support/eventually'
import { context, frontend, gateway } from './shop-cluster.ts'

/** A copy of the sources: a test that edits files must not edit the checkout's. */
const checkout = mkdtempSync(join(tmpdir(), 'dev-loop-'))
let skaffold: ReturnType<typeof spawn>
let output = ''

/** @returns milliseconds until it held */
async function waitFor(holds: () => boolean | Promise<boolean>): Promise<number> {
  const started = performance.now()
  await eventually(holds, { everyMs: 50 }).catch((cause) => {
    throw new Error(`skaffold dev wrote:\n${output.slice(-3000)}`, { cause })
  })
  return performance.now() - started
}

before(async () => {
  cpSync(new URL('../..', import.meta.url), checkout, {
    recursive: true,
    filter: (path) => !/\/(node_modules|\.git|\.local|\.tools|dist)$/.test(path),
  })
  const flags = ['--cleanup=false', '--watch-poll-interval=100', '--update-check=false', '--port-forward=off']
  skaffold = spawn('skaffold', ['dev', '--kube-context', context, ...flags], { cwd: checkout, detached: true })
  for (const stream of [skaffold.stdout!, skaffold.stderr!]) stream.on('data', (data) => (output += data))
  await waitFor(() => output.includes('Watching for changes'))
  for (const address of [`${gateway}/docs/json`, frontend])
    await waitFor(() =>
      fetch(address).then(
        ({ ok }) => ok,
        () => false,
      ),
    )
})

after(async () => {
  const ended = new Promise((resolve) => skaffold.once('exit', resolve))
  skaffold.kill('SIGINT')
  await ended
  rmSync(checkout, { recursive: true })
})

/** Saves a file again and again, each time with another text, and returns the time until each was served, in seconds. */
async function saveAndServe(
  file: string,
  text: string,
  saves: number,
  served: () => Promise<string>,
): Promise<number[]> {
  const path = join(checkout, file)
  const original = readFileSync(path, 'utf8')
  assert.ok(original.includes(text), `${file} does not contain ${text}`)
  const times: number[] = []
  for (let save = 1; save <= saves; save++) {
    const mark = `${text}-saved-${save}`
    writeFileSync(path, original.replace(text, mark))
    const shows = async () => (await served().catch(() => '')).includes(mark)
    times.push((await waitFor(shows)) / 1000)
    await delay(1000)
  }
  return times
}

const seconds = (times: number[]): string => times.map((time) => time.toFixed(1)).join(' ')
const page = async (path: string) => (await fetch(frontend + path, { headers: { accept: 'text/html' } })).text()

test('every saved file of a service is served', async (t) => {
  const docs = async () => (await fetch(`${gateway}/docs/json`)).text()
  t.diagnostic(seconds(await saveAndServe('services/gateway/src/routes/docs.ts', 'the public API', 10, docs)))
})

test('every saved file of a package is served by a service that uses it', async (t) => {
  const problem = async () => (await fetch(`${gateway}/no-such-route`)).text()
  t.diagnostic(seconds(await saveAndServe('packages/service-kit/src/problems.ts', 'Route not found', 3, problem)))
})

test('every saved file of the frontend is in the page that is served', async (t) => {
  const scripts = async () => {
    const names = [...(await page('/')).matchAll(/src="(\/assets\/[^"]+\.js)"/g)].map(([, name]) => name!)
    return (await Promise.all(names.map(page))).join('')
  }
  t.diagnostic(seconds(await saveAndServe('frontend/src/shared/messages-en.ts', 'Products', 3, scripts)))
})
