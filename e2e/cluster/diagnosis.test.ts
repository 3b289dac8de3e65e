import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { after, test } from 'node:test'
import { diagnose } from '@hello/cluster/diagnosis'
import { eventually } from '@hello/test-support/eventually'
import { cluster, context, kubectl } from './shop-cluster.ts'

const chart = new URL('../../charts/service', import.meta.url).pathname

/** A release that cannot become ready. */
function installBroken(name: string, ...settings: string[]) {
  const values = settings.flatMap((setting) => ['--set-string', setting])
  const { status, stderr } = spawnSync(
    'helm',
    ['upgrade', '--install', name, chart, '--kube-context', context, '-n', 'shop', ...values],
    { encoding: 'utf8' },
  )
  assert.equal(status, 0, stderr)
}

after(() => {
  spawnSync('helm', ['uninstall', 'missing', 'crashing', '--kube-context', context, '-n', 'shop'])
})

test('an image that cannot be had is named, with the event', async () => {
  installBroken('missing', 'image.repository=hello-observability/no-such-image')
  await eventually(
    async () => {
      const text = await diagnose(context, 'shop')
      assert.match(text, /pod shop\/missing-\S+: Pending/)
      assert.match(text, /container missing: (ErrImagePull|ImagePullBackOff)/)
      assert.match(text, /Failed to pull image "?hello-observability\/no-such-image/)
    },
    { everyMs: 500 },
  )
})

test('a container that crashes is shown with its exit code and last lines', async () => {
  const image = await kubectl('get', 'deployment/product', '-o', 'jsonpath={.spec.template.spec.containers[0].image}')
  const [repository, tag] = image.split(':')
  installBroken('crashing', `image.repository=${repository}`, `image.tag=${tag}`) // no DATABASE_URL
  await eventually(
    async () => {
      const text = await diagnose(context, 'shop')
      assert.match(text, /container crashing: .*exit code 1/)
      assert.match(text, /last lines of crashing:[\s\S]*DATABASE_URL/)
    },
    { everyMs: 500 },
  )
  const { stdout, status } = spawnSync(process.execPath, ['cluster/src/status.ts', '--cluster', cluster], {
    encoding: 'utf8',
    cwd: new URL('../..', import.meta.url),
  })
  assert.equal(status, 1)
  assert.match(stdout, /shop +crashing-\S+ +Running, not ready/)
})
