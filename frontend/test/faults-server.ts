import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { flagsInFile } from '@hello/faults/flags-file'
import type { Fault } from '@hello/shop/api/fault'
import { frontend } from './frontend-server.ts'

export const faultsPath = '/faults/api/faults'

/** Asks again while the address asks too often. */
async function patiently<Answer extends { statusCode: number }>(ask: () => Promise<Answer>): Promise<Answer> {
  const answer = await ask()
  if (answer.statusCode !== 429) return answer
  await delay(200)
  return patiently(ask)
}

/** The frontend's server with a page that sets faults, and the flags that it sets. */
export async function faultsServer(t: TestContext, { FAULTS_PAGE = true } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'faults-'))
  const file = join(folder, 'faults.json')
  const app = await frontend(t, { FAULTS_PAGE, FAULTS_FILE: file })
  t.after(() => rmSync(folder, { recursive: true }))
  const list = async (): Promise<Fault[]> => (await app.inject(faultsPath)).json()
  return {
    app,
    store: flagsInFile(file),
    list,
    /** Names of those that are on. */
    on: async () => (await list()).filter(({ on }) => on).map(({ name }) => name),
    set: (name: string, body: unknown, headers: Record<string, string> = {}) =>
      patiently(() =>
        app.inject({
          ...{ method: 'PUT', url: `${faultsPath}/${name}` },
          headers: { 'content-type': 'application/json', ...headers },
          payload: typeof body === 'string' ? body : JSON.stringify(body),
        }),
      ),
    heal: (name = '', headers: Record<string, string> = {}) =>
      patiently(() => app.inject({ method: 'DELETE', url: `${faultsPath}${name && `/${name}`}`, headers })),
  }
}
