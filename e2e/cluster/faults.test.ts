import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { after, before, describe, test } from 'node:test'
import { read, run } from '@hello/cluster/command'
import { flagsConfigMap } from '@hello/faults/flags-config-map'
import { eventually } from '@hello/test-support/eventually'
import { root, shellBlocks } from '../../docs/test/code-blocks.ts'
import { startCustomers } from '../faults/customers.ts'
import { getJson } from '../lib/get-json.ts'
import { shopClient } from '../lib/shop-client.ts'
import { context, gateway, kubectl, limit, limitSeconds, query } from './shop-cluster.ts'

const { call } = shopClient(gateway)

/** A `make fault`, in a terminal of its own. */
function makeFault(...settings: string[]) {
  const child = spawn('make', ['fault', 'IN_CLUSTER=1', ...settings], { cwd: root, detached: true })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => (output += data))
  return {
    says: (what: RegExp) => eventually(() => assert.match(output, what)),
    /** Of the terminal, to all that runs in it. */
    signal(name: NodeJS.Signals) {
      if (child.exitCode === null && child.signalCode === null) process.kill(-child.pid!, name)
    },
  }
}

describe('make fault IN_CLUSTER=1', () => {
  const works = async () => (await call('GET', '/api/products/product3')).status === 200
  const untilBroken = () => eventually(async () => !(await works()))
  const untilMended = () => eventually(works)

  for (const [how, settings, end, lastWords] of [
    ['Ctrl-C', 'FOR=1h', 'SIGINT', /Ended\./],
    ['a kill of the program that set it', 'FOR=1h', 'SIGKILL', /Ctrl-C ends it/],
    ['its time', 'FOR=10s', undefined, /Its time is over\./],
  ] as const)
    test(`breaks the shop until ${how}`, async (t) => {
      const fault = makeFault('NAME=broken-product', settings)
      t.after(() => fault.signal('SIGKILL'))
      await untilBroken()
      if (end) fault.signal(end)
      await fault.says(lastWords)
      await untilMended()
    })

  test('is shown by make faults, and ended by make heal', async (t) => {
    const fault = makeFault('NAME=broken-product', 'FOR=1h')
    t.after(() => fault.signal('SIGKILL'))
    await untilBroken()
    const make = (target: string) => read('make', ['--silent', '--directory', root, target, 'IN_CLUSTER=1'])
    assert.match(await make('faults'), /^on +broken-product /m)
    assert.match(await make('heal'), /^Off: broken-product$/m)
    await fault.says(/It was healed\./)
    await untilMended()
  })
})

/** Not every image of PostgreSQL has its socket where its psql looks: over TCP it is the same command on each. */
const overTcp = 'PGPASSWORD=$POSTGRES_PASSWORD psql -h 127.0.0.1 -U postgres "$@"'

describe('the healer, installed as docs/en/healer.md says', () => {
  let customers: Awaited<ReturnType<typeof startCustomers>>

  before(async () => {
    for (const { mark, text } of shellBlocks('docs/en/healer.md')) {
      if (mark?.kind !== 'run by') continue
      const script = text.replace('psql -U postgres', () => `bash -c '${overTcp}' psql`)
      await read('bash', ['-euo', 'pipefail', '-c', `cd ${root}\n${script}`])
    }
    await kubectl('rollout', 'status', 'deployment/healer', `--timeout=${limit}`)
    customers = await startCustomers(gateway)
  })
  after(async () => {
    await customers?.stop()
    await run('helm', ['uninstall', 'healer', '--kube-context', context, '--namespace', 'shop'])
    await kubectl('delete', '--ignore-not-found', '--filename', `${root}/services/healer/kubernetes.yaml`)
    await kubectl('delete', '--ignore-not-found', 'secret/healer', `configmap/${flagsConfigMap.name}`)
    await kubectl('exec', 'postgres-0', '--', 'bash', '-c', overTcp, 'psql', '-c', 'drop role if exists healer')
  })

  interface Line {
    msg: string
    alert: string
    fingerprint: string
    action: string
    outcome: string
    what: string
    after_s: number
  }
  const lines = async (msg: string): Promise<Line[]> =>
    (await kubectl('logs', 'deployment/healer', '--tail=-1'))
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line))
      .filter((line) => line.msg === msg)

  /** The action of that name, once it is done. */
  const done = (name: string, about: RegExp) =>
    eventually(
      async () =>
        (await lines('healing action')).find(
          ({ action, outcome, what }) => action === name && outcome === 'done' && about.test(what),
        ) ?? false,
      { everyMs: 1000 },
    )
  const healed = ({ fingerprint }: Line) =>
    eventually(async () => (await lines('healed')).find((line) => line.fingerprint === fingerprint) ?? false, {
      everyMs: 1000,
    })

  describe('each while the others break it, too', { concurrency: 3 }, () => {
    test('switches off a fault that breaks a part of the shop', async (t) => {
      const fault = makeFault('NAME=wrong-address', 'FOR=1h')
      t.after(() => fault.signal('SIGKILL'))
      await fault.says(/It was healed\./)
      const { alert, after_s } = await done('flags-off', /wrong-address/)
      t.diagnostic(`${alert}, acted on after ${after_s} s`)
      await eventually(async () => (await call('GET', '/api/inventory/product1')).status === 200)
    })

    test('ends the session that keeps a table locked', async (t) => {
      const lock = `BEGIN; LOCK TABLE stock IN ACCESS EXCLUSIVE MODE; SELECT pg_sleep(${limitSeconds})`
      const { data } = JSON.parse(await kubectl('get', 'secret/postgres-inventory', '-o', 'json'))
      const url = new URL(Buffer.from(data.DATABASE_URL, 'base64').toString())
      url.hostname = '127.0.0.1'
      const session = ['exec', 'postgres-0', '--', 'psql', url.href, '-c', lock]
      const { output } = await run('kubectl', ['--context', context, '--namespace', 'shop', ...session])
      assert.match(output, /terminating connection due to administrator command/)
      const action = await done('end-blocking-sessions', /inventory/)
      const { after_s } = await healed(action)
      t.diagnostic(`${action.alert}, acted on after ${action.after_s} s, healed ${after_s} s later`)
    })

    test('takes back a rollout whose image is not there', async (t) => {
      const image = () =>
        kubectl('get', 'deployment/product', '-o', 'jsonpath={.spec.template.spec.containers[0].image}')
      const good = await image()
      await kubectl('set', 'image', 'deployment/product', 'product=hello-observability/product:none')
      const action = await done('undo-rollout', /product/)
      assert.equal(await image(), good)
      const { after_s } = await healed(action)
      t.diagnostic(`${action.alert}, acted on after ${action.after_s} s, healed ${after_s} s later`)
    })
  })

  test('loses no order meanwhile', async (t) => {
    await customers.stop()
    const purchases = await eventually(() => customers.purchases())
    t.diagnostic(`${purchases.length} orders`)
    assert.ok(purchases.length > 0)
    for (const { id, productId, quantity, status } of purchases) {
      const order = await eventually(() => getJson(gateway, `/api/orders/${id}`))
      assert.deepEqual(
        { productId: order.productId, quantity: order.quantity, status: order.status },
        { productId, quantity, status: status === 201 ? 'CREATED' : 'REJECTED' },
      )
    }
    assert.deepEqual(await query('ALERTS{alertname="ShopStockInvariantViolated"}'), [])
  })
})
