import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { eventually } from '@hello/test-support/eventually'
import { bash, createNamespace, helm, kubectl, limit, patience, skip } from './cluster.ts'

/** The cluster may have images of its own under the tags, which have other digests. */
const byTag = ['--set', 'image.digest=,exporter.image.digest=']

/** A release of its own, so that the shop's data stays as it is. */
const install = (...settings: string[]) =>
  helm(
    ...['upgrade', '--install', 'archive', 'charts/postgres', '--wait', '--timeout', limit, '--set', 'backup.keep=2'],
    ...byTag,
    ...['--set', 'networkPolicy.peers[0].podSelector.matchLabels.app\\.kubernetes\\.io/instance=outside', ...settings],
  )

/** Runs SQL as the superuser and gives the rows, columns separated by "|". */
function sql(database: string, statement: string): string {
  const psql = 'PGPASSWORD=$POSTGRES_PASSWORD psql -h 127.0.0.1 -U postgres -qAt -v ON_ERROR_STOP=1 -c "$1" "$2"'
  return kubectl('exec', 'archive-0', '--', 'bash', '-c', psql, 'bash', statement, database)
}

function passwords(): Record<string, string> {
  const secrets = JSON.parse(
    kubectl('get', 'secrets', '--selector=app.kubernetes.io/instance=archive', '--output=json'),
  )
  return Object.fromEntries(
    secrets.items.map(({ metadata, data }: { metadata: { name: string }; data: { password: string } }) => [
      metadata.name,
      data.password,
    ]),
  )
}

let jobs = 0
/** Runs a Job of the CronJob, with environment of its own, and gives how it ended and its log. */
async function runJob(cronJob: string, ...environment: string[]) {
  jobs += 1
  const name = `${cronJob}-${process.pid}-${jobs}`
  const made = bash(`
    kubectl --namespace shop create job --from=cronjob/${cronJob} ${name} --dry-run=client --output=yaml |
    kubectl set env --local --filename=- --output=yaml ${environment.join(' ') || 'TEST=1'} |
    kubectl create --filename=-`)
  assert.equal(made.status, 0, made.stderr)
  const outcome = await eventually(() => {
    const conditions = kubectl('get', 'job', name, '--output=jsonpath={.status.conditions[?(@.status=="True")].type}')
    return conditions.split(' ').find((type) => type === 'Complete' || type === 'Failed') ?? false
  }, patience)
  return { outcome, log: kubectl('logs', `job/${name}`) }
}

describe('charts/postgres on a cluster', { skip }, () => {
  before(() => {
    createNamespace()
    install('--set', 'databases={accounts,invoices}')
  })
  after(() => {
    for (const release of ['outside', 'archive']) helm('uninstall', release, '--ignore-not-found', '--wait')
    for (const release of ['outside', 'archive'])
      kubectl('delete', 'pvc,secret', '--selector', `app.kubernetes.io/instance=${release}`)
  })

  test('each role reaches its own database and no other', () => {
    helm('test', 'archive')
    assert.equal(kubectl('get', 'pods', '--selector=app.kubernetes.io/component=test', '--output=name'), '')
  })

  test('the server has the shared memory that parallel queries of its size need', () => {
    assert.equal(
      kubectl('exec', 'archive-0', '--', 'df', '--output=size', '-BM', '/dev/shm').split('\n')[1]?.trim(),
      '128M',
    )
  })

  test('an upgrade keeps the passwords and adds a database', () => {
    const before = passwords()
    install('--set', 'databases={accounts,invoices,ledger}')
    const { 'archive-ledger': added, ...rest } = passwords()
    assert.deepEqual(rest, before)
    assert.ok(added)
    helm('test', 'archive')
  })

  test('a restore brings back what the backup had, and only that', async () => {
    sql(
      'accounts',
      `SET ROLE accounts; CREATE TABLE account AS SELECT generate_series(1, 1000) AS id; CREATE VIEW total AS SELECT count(*) FROM account`,
    )
    const backup = await runJob('archive-backup')
    assert.match(backup.log, /^accounts: \d+ bytes\n(?:.*\n)*backup \d{8}T\d{6}Z is complete$/)
    sql('accounts', 'DROP VIEW total; DELETE FROM account WHERE id > 10; SET ROLE accounts; CREATE TABLE later ()')
    sql('invoices', 'SET ROLE invoices; CREATE TABLE invoice ()')

    const restore = await runJob('archive-restore', 'DATABASES=accounts')
    assert.equal(restore.outcome, 'Complete', restore.log)
    assert.equal(sql('accounts', 'SELECT * FROM total'), '1000')
    const tables =
      "SELECT string_agg(tablename || ' of ' || tableowner, ', ') FROM pg_tables WHERE schemaname = 'public'"
    assert.equal(sql('accounts', tables), 'account of accounts')
    assert.equal(sql('invoices', tables), 'invoice of invoices')
  })

  test('a restore that cannot work changes nothing and says what there is', async () => {
    const missing = await runJob('archive-restore', 'DATABASES=accounts', 'BACKUP=20000101T000000Z')
    assert.equal(missing.outcome, 'Failed')
    assert.match(
      missing.log,
      /backup '20000101T000000Z' has no accounts\.dump; there are:\n {2}\d{8}T\d{6}Z\/accounts\.dump/,
    )
    assert.equal(sql('accounts', 'SELECT * FROM total'), '1000')
  })

  test('the newest backups are kept', async () => {
    await runJob('archive-backup')
    const { log } = await runJob('archive-backup')
    assert.match(log, /backup \d{8}T\d{6}Z is removed: 2 are kept/)
    assert.equal(kubectl('exec', 'archive-0', '--', 'ls', '/backups').split('\n').length, 2)
  })

  test('data and passwords outlive the release', () => {
    helm('uninstall', 'archive', '--wait')
    install('--set', 'databases={accounts,invoices,ledger}')
    helm('test', 'archive')
    assert.equal(sql('accounts', 'SELECT * FROM total'), '1000')
  })

  test('a server that exists gets databases, roles and an exporter', async () => {
    sql(
      'postgres',
      "CREATE ROLE landlord LOGIN CREATEROLE CREATEDB PASSWORD 'let me in'; GRANT pg_monitor TO landlord WITH ADMIN OPTION",
    )
    kubectl(
      'create',
      'secret',
      'generic',
      'landlord',
      '--from-literal=username=landlord',
      '--from-literal=password=let me in',
    )
    kubectl('label', 'secret', 'landlord', 'app.kubernetes.io/instance=outside')
    const settings = ['enabled=true', 'host=archive', 'sslMode=disable', 'adminSecret.name=landlord']
    helm(
      ...[
        'upgrade',
        '--install',
        'outside',
        'charts/postgres',
        '--wait',
        '--timeout',
        limit,
        '--set',
        'databases={rents,repairs}',
      ],
      ...byTag,
      ...settings.flatMap((setting) => ['--set', `externalDatabase.${setting}`]),
    )
    helm('test', 'outside')
    assert.equal(sql('postgres', "SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = 'rents'"), 'rents')
    const prometheus = '/api/v1/namespaces/monitoring/services/kube-prometheus-stack-prometheus:9090/proxy/api/v1/query'
    await eventually(
      () =>
        /"value":\[[\d.]+,"1"\]/.test(kubectl('get', '--raw', `${prometheus}?query=pg_up{service="outside-exporter"}`)),
      patience,
    )
  })
})
