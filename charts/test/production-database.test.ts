import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { parse, parseAllDocuments, stringify } from 'yaml'
import { assertValid } from './kubeconform.ts'
import { charts, needs, run } from './programs.ts'
import { production } from './upstream-charts.ts'

const objectsIn = (file: string) =>
  parseAllDocuments(readFileSync(join(production, file), 'utf8')).map((document) => document.toJS())
const database = objectsIn('database.yaml')
const kind = (name: string, objects = database) => objects.find((object) => object.kind === name)
const drill = objectsIn('database-drill.yaml')
const restored = parse(kind('ConfigMap', drill).data['cluster.yaml'])

const folder = mkdtempSync(join(tmpdir(), 'production-database-'))
after(() => rmSync(folder, { recursive: true }))

test('what is restored is what was archived, with what recovery needs, and never archives itself', () => {
  const live = kind('Cluster').spec
  const { metadata, spec } = restored
  assert.equal(spec.imageName, live.imageName)
  assert.deepEqual(spec.storage, live.storage)
  assert.equal(spec.postgresql.parameters.max_connections, live.postgresql.parameters.max_connections)
  assert.equal(spec.plugins, undefined)
  assert.notEqual(metadata.name, kind('Cluster').metadata.name)
  const [source] = spec.externalClusters
  assert.equal(source.name, spec.bootstrap.recovery.source)
  const { barmanObjectName, serverName } = source.plugin.parameters
  assert.deepEqual([barmanObjectName, serverName], [kind('ObjectStore').metadata.name, kind('Cluster').metadata.name])
  const rules = kind('Role', drill).rules
  const destructive = rules.filter(({ verbs }: { verbs: string[] }) => verbs.includes('delete'))
  assert.deepEqual(
    destructive.map((rule: { resourceNames: string[] }) => rule.resourceNames),
    [[metadata.name]],
  )
})

test('what is restored is valid', needs('kubeconform'), () =>
  assertValid(kind('ConfigMap', drill).data['cluster.yaml']),
)

test('what services set when they connect, their roles have behind the pooler', () => {
  const { pooler } = parse(readFileSync(join(charts, 'postgres/values/production.yaml'), 'utf8')).externalDatabase
  assert.equal(pooler.host, kind('Pooler').metadata.name)
  const kit = (file: string) => readFileSync(join(charts, '../packages/service-kit/src', file), 'utf8')
  const asked = [.../requestSettings = '(.*)'/.exec(kit('database.ts'))![1]!.matchAll(/-c (\w+)=(\w+)/g)]
  assert.ok(asked.length > 0)
  for (const [, name, value] of asked) assert.equal(pooler.roleSettings[name!], value, name)
  // The longest of their pools is given up by the server this much later than by the client.
  const [, margin] = /serverMargin = (\d+)/.exec(kit('database.ts'))!
  const [, longest] = /statementTimeout = (\d+)/.exec(kit('database-samples.ts'))!
  assert.equal(pooler.roleSettings.statement_timeout, `${Number(margin) + Number(longest)}ms`)

  const { poolMode, parameters } = kind('Pooler').spec.pgbouncer
  assert.equal(poolMode, 'transaction')
  assert.ok(Number(parameters.max_prepared_statements) > 0)
  assert.equal(parameters.ignore_startup_parameters, 'statement_timeout')
  const connections = 3 * Number(parameters.default_pool_size) * kind('Pooler').spec.instances
  assert.ok(connections < Number(kind('Cluster').spec.postgresql.parameters.max_connections))
})

describe('the alerts', { skip: spawnSync('promtool', ['--version']).error && 'promtool is not on PATH' }, () => {
  const { groups } = kind('PrometheusRule', objectsIn('database-alerts.yaml')).spec
  const cron = '{namespace="shop", cronjob="shop-db-drill"}'
  const job = (name: string, rest = '') => `{namespace="shop", job_name="${name}"${rest}}`
  const week = 7 * 24 * 60
  /** What is to fire, after so many minutes, and of what. */
  const cases: [alert: string, minutes: number, series: Record<string, string>][] = [
    [
      'ShopRestoreDrillFailed',
      60,
      {
        [`kube_cronjob_status_last_successful_time${cron}`]: '0x60',
        [`kube_job_created${job('shop-db-drill-2')}`]: '600x60',
        [`kube_job_failed${job('shop-db-drill-2', ', condition="true"')}`]: '1x60',
      },
    ],
    ['ShopRestoreDrillMissing', 8 * 24 * 60 + 1, { [`kube_cronjob_created${cron}`]: `0x${9 * 24 * 60}` }],
    [
      'ShopArchiveFails',
      30,
      {
        'cnpg_pg_stat_archiver_last_failed_time{namespace="shop", pod="shop-db-1"}': '120x60',
        'cnpg_pg_stat_archiver_last_archived_time{namespace="shop", pod="shop-db-1"}': '60x60',
      },
    ],
    [
      'ShopBaseBackupMissing',
      27 * 60,
      {
        'barman_cloud_cloudnative_pg_io_last_available_backup_timestamp{namespace="shop", pod="shop-db-1"}': `0x${28 * 60}`,
      },
    ],
  ]
  const healthy: Record<string, string> = {
    [`kube_cronjob_created${cron}`]: `0x${week}`,
    [`kube_cronjob_status_last_successful_time${cron}`]: `1000+60x${week}`,
    [`kube_job_created${job('shop-db-drill-1')}`]: `0x${week}`,
    [`kube_job_failed${job('shop-db-drill-1', ', condition="true"')}`]: `1x${week}`,
    'cnpg_pg_stat_archiver_last_failed_time{namespace="shop", pod="shop-db-1"}': `60x${week}`,
    'cnpg_pg_stat_archiver_last_archived_time{namespace="shop", pod="shop-db-1"}': `120+60x${week}`,
    'barman_cloud_cloudnative_pg_io_last_available_backup_timestamp{namespace="shop", pod="shop-db-1"}': `0+60x${week}`,
  }

  const alerts: string[] = groups[0].rules.map(({ alert }: { alert: string }) => alert)
  const scenario = (series: Record<string, string>, minutes: number, firing: string[]) => ({
    interval: '1m',
    input_series: Object.entries(series).map(([name, numbers]) => ({ series: name, values: numbers })),
    alert_rule_test: alerts.map((alertname) => {
      const { labels } = groups[0].rules.find(({ alert }: { alert: string }) => alert === alertname)
      const expected = firing.includes(alertname) ? [{ exp_labels: { ...labels, namespace: 'shop' } }] : []
      return { eval_time: `${minutes}m`, alertname, exp_alerts: expected }
    }),
  })

  /** Runs scenarios by promtool, which is told nothing of annotations and so must not find any. */
  async function hold(...tests: ReturnType<typeof scenario>[]) {
    const bare = groups.map(({ name, rules }: { name: string; rules: { annotations: unknown }[] }) => ({
      name,
      rules: rules.map(({ annotations, ...rule }) => rule),
    }))
    writeFileSync(join(folder, 'rules.yaml'), stringify({ groups: bare }))
    writeFileSync(
      join(folder, 'tests.yaml'),
      stringify({ rule_files: ['rules.yaml'], evaluation_interval: '1m', tests }),
    )
    const { status, stdout, stderr } = await run('promtool', ['test', 'rules', join(folder, 'tests.yaml')])
    assert.equal(status, 0, stdout + stderr)
  }

  test('each fires, and of what makes it fire no other does', async () => {
    assert.deepEqual(cases.map(([alert]) => alert).sort(), alerts.toSorted())
    await hold(...cases.map(([alert, minutes, series]) => scenario(series, minutes, [alert])))
  })

  test('none fires where drill, archive and backups are well, a failure of last week or not', () =>
    hold(scenario(healthy, week - 1, []), scenario(healthy, 60, [])))
})
