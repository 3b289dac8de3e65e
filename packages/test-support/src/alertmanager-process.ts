import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from '@hello/processes/ports'
import { stringify } from 'yaml'
import { eventually } from './eventually.ts'

/** For node:test: why tests with Alertmanager are skipped, or false. */
export const noAlertmanager = spawnSync('alertmanager', ['--version']).error ? 'alertmanager is not on PATH' : false

/** Runs a real Alertmanager with a configuration, under the address that its links are to have, and with further flags. */
export async function runAlertmanager(
  configuration: object,
  externalUrl = 'http://alertmanager.example.com',
  flags: string[] = [],
) {
  const folder = mkdtempSync(join(tmpdir(), 'alertmanager-'))
  const file = join(folder, 'alertmanager.yaml')
  writeFileSync(file, stringify(configuration))
  const port = await freePort()
  const address = `http://127.0.0.1:${port}`
  const said: string[] = []
  const running = spawn('alertmanager', [
    `--config.file=${file}`,
    `--storage.path=${folder}`,
    `--web.listen-address=127.0.0.1:${port}`,
    `--web.external-url=${externalUrl}`,
    '--web.route-prefix=/',
    '--cluster.listen-address=',
    ...flags,
  ])
  running.stderr.on('data', (lines) => said.push(String(lines)))
  await eventually(async () => {
    assert.equal(running.exitCode, null, said.join(''))
    return (await fetch(`${address}/-/ready`)).ok
  })
  const end = async () => {
    running.kill()
    if (running.exitCode === null) await once(running, 'exit')
    rmSync(folder, { recursive: true })
  }
  return { address, said, end }
}
