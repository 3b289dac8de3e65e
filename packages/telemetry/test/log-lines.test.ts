import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { test } from 'node:test'

const module = (name: string) => new URL(`../src/${name}.ts`, import.meta.url)
const program = (script: string) => ['--input-type=module', '--eval', script]

/** What a process writes to stdout, each write by itself, that runs a script with `log` and `writeTogether`. */
function writesOf(script: string): string[] {
  const { stderr } = spawnSync(
    process.execPath,
    program(`
      const { stdout } = process
      stdout.write = (text) => process.stderr.write(JSON.stringify(text) + '\\n')
      const { logLines, writeTogether } = await import('${module('log-lines')}')
      const { pino } = await import('pino')
      const log = pino({ base: null, timestamp: false, messageKey: 'm' }, logLines)
      ${script}`),
    { encoding: 'utf8', timeout: 60_000 },
  )
  return stderr
    .trim()
    .split('\n')
    .map((text) => JSON.parse(text))
}

const line = (m: string) => `{"level":30,"m":"${m}"}\n`

test('a line goes out by itself, and those that belong together in one write', () => {
  const script = `
    log.info('a')
    writeTogether(() => { log.info('b'); log.info('c') })
    log.info('d')`
  assert.deepEqual(writesOf(script), [line('a'), line('b') + line('c'), line('d')])
})

test('what was logged before an error is written, and the next line by itself', () => {
  const script = `
    try { writeTogether(() => { log.info('a'); throw new Error('broken') }) } catch {}
    log.info('b')`
  assert.deepEqual(writesOf(script), [line('a'), line('b')])
})

test('a line is out when the call returns: what kills the process next does not take it along', () => {
  const { stdout, signal } = spawnSync(
    process.execPath,
    program(`
      import { logLines } from '${module('log-lines')}'
      logLines.write('last words\\n')
      process.kill(process.pid, 'SIGKILL')
      for (;;);`),
    { encoding: 'utf8' },
  )
  assert.equal(signal, 'SIGKILL')
  assert.equal(stdout, 'last words\n')
})

test('who does not read the lines holds nothing up, and gets all of them when he does', async () => {
  const child = spawn(
    process.execPath,
    program(`
      import { linesWritten, logLines } from '${module('log-lines')}'
      for (let number = 0; number < 100_000; number++) logLines.write(number + '\\n')
      process.stderr.write('logged')
      await linesWritten()
      process.exit()`),
    { stdio: ['ignore', 'pipe', 'pipe'] },
  )
  const [logged] = await once(child.stderr, 'data')
  assert.equal(String(logged), 'logged')
  const lines = (await text(child.stdout)).split('\n')
  assert.deepEqual([lines.length, lines[0], lines.at(-2)], [100_001, '0', '99999'])
})

test('a service whose lines nobody reads any more goes on', async () => {
  const child = spawn(
    process.execPath,
    program(`
      import { setTimeout as delay } from 'node:timers/promises'
      import { logLines } from '${module('log-lines')}'
      for (let round = 0; round < 5; round++) {
        logLines.write('a line\\n')
        await delay(20)
      }
      process.exitCode = 7`),
    { stdio: ['ignore', 'pipe', 'inherit'] },
  )
  child.stdout.destroy()
  assert.deepEqual(await once(child, 'exit'), [7, null])
})
