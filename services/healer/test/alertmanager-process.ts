import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { stringify } from 'yaml'

/** For node:test: why tests with Alertmanager are skipped, or false. */
export const noAlertmanager = spawnSync('alertmanager', ['--version']).error ? 'alertmanager is not on PATH' : false

/** Runs a real Alertmanager on a port that the system chooses. */
export async function runAlertmanager(configuration: object) {
  const folder = mkdtempSync(join(tmpdir(), 'healer-alertmanager-'))
  const file = join(folder, 'alertmanager.yaml')
  writeFileSync(file, stringify(configuration))
  const running = spawn('alertmanager', [
    `--config.file=${file}`,
    `--storage.path=${folder}`,
    '--web.listen-address=127.0.0.1:0',
    '--cluster.listen-address=',
  ])
  const listening = Promise.withResolvers<string>()
  const said: string[] = []
  createInterface({ input: running.stderr }).on('line', (line) => {
    said.push(line)
    const address = /msg="Listening on".*address=(127\.0\.0\.1:\d+)/.exec(line)?.[1]
    if (address) listening.resolve(`http://${address}`)
  })
  running.once('exit', () => listening.reject(new Error(said.join('\n'))))
  return {
    url: await listening.promise,
    async end() {
      running.kill()
      if (running.exitCode === null) await once(running, 'exit')
      rmSync(folder, { recursive: true })
    },
  }
}
