import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { freePort } from '@hello/processes/ports'
import { eventually } from '@hello/test-support/eventually'
import { ownNames } from '../src/names.ts'
import { panelQueries } from '../src/panel-queries.ts'

const missing = spawnSync('loki', ['-version']).error && 'loki is not on PATH'

test('target-logql-rule: Loki reads every query of Loki', { skip: missing }, async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'loki-'))
  const [http, grpc] = [await freePort(), await freePort()]
  const address = '127.0.0.1'
  const config = {
    auth_enabled: false,
    server: {
      http_listen_address: address,
      http_listen_port: http,
      grpc_listen_address: address,
      grpc_listen_port: grpc,
      log_level: 'error',
    },
    common: {
      instance_addr: address,
      path_prefix: folder,
      replication_factor: 1,
      ring: { kvstore: { store: 'inmemory' } },
    },
    schema_config: {
      configs: [
        {
          from: '2024-04-01',
          store: 'tsdb',
          object_store: 'filesystem',
          schema: 'v13',
          index: { prefix: 'index_', period: '24h' },
        },
      ],
    },
    storage_config: { filesystem: { directory: join(folder, 'chunks') } },
    ingester: { wal: { enabled: false } },
    analytics: { reporting_enabled: false },
  }
  writeFileSync(join(folder, 'loki.json'), JSON.stringify(config))
  const loki = spawn('loki', [`-config.file=${join(folder, 'loki.json')}`], { stdio: 'ignore' })
  t.after(async () => {
    loki.kill()
    if (loki.exitCode === null) await once(loki, 'exit')
    rmSync(folder, { recursive: true, force: true })
  })
  const formatted = (query: string) =>
    fetch(`http://${address}:${http}/loki/api/v1/format_query?${new URLSearchParams({ query })}`)
  await eventually(async () => assert.equal((await formatted('{app="order"}')).status, 200))
  assert.equal((await formatted('{app="order"')).status, 400)
  const asked = panelQueries(ownNames).filter(({ datasource }) => datasource === 'loki')
  assert.ok(asked.length > 5)
  for (const { panel, query } of asked) {
    const answer = await formatted(query)
    assert.equal(answer.status, 200, `${panel}: ${await answer.text()}`)
  }
})
