import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { test } from 'node:test'

/** What a process writes to stdout, each write by itself, that runs a script with `log` and `writeTogether`. */
function writesOf(script: string): string[] {
  const module = new URL('../src/log-lines.ts', import.meta.url)
  const { stderr } = spawnSync(
    process.execPath,
    [
      '--input-type=module',
      '--eval',
      `import fs from 'node:fs'
      const { write } = fs
      let underWay = 0
      fs.write = (fd, text, done) => {
        process.stderr.write(JSON.stringify(text) + '\\n')
        underWay++
        write(fd, text, (...result) => {
          underWay--
          done(...result)
        })
      }
      const { logLines, writeTogether } = await import('${module}')
      const { pino } = await import('pino')
      const log = pino({ base: null, timestamp: false, messageKey: 'm' }, logLines)
      const { setImmediate: turnEnd } = await import('node:timers/promises')
      async function written() { do await turnEnd(); while (underWay > 0) }
      ${script}`,
    ],
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
    await written()
    writeTogether(() => { log.info('b'); log.info('c') })
    await written()
    log.info('d')`
  assert.deepEqual(writesOf(script), [line('a'), line('b') + line('c'), line('d')])
})

test('what was logged before an error is written, and the next line by itself', () => {
  const script = `
    try { writeTogether(() => { log.info('a'); throw new Error('broken') }) } catch {}
    await written()
    log.info('b')`
  assert.deepEqual(writesOf(script), [line('a'), line('b')])
})
