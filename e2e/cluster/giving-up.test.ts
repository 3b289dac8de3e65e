import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { run } from '../../cluster/src/command.ts'
import { runStep } from '../../cluster/src/step.ts'
import { context, kubectl } from './shop-cluster.ts'

const chart = new URL('../../charts/service', import.meta.url).pathname
const releases = ['no-image', 'no-secret', 'no-node']

after(() => run('helm', ['uninstall', ...releases, '--kube-context', context, '-n', 'shop']))

/** As `make up` installs a chart, waiting longer than this file may take. */
const install = (release: string, ...settings: string[]) =>
  runStep({
    title: `Install ${release}`,
    commands: [
      [
        ...(['helm', 'upgrade', '--install', release, chart, '--kube-context', context, '-n', 'shop'] as const),
        ...['--wait', '--timeout', '1h', '--set', 'serviceMonitor.enabled=false'],
        ...settings.flatMap((setting) => ['--set-string', setting]),
      ],
    ],
    cluster: { context, namespace: 'shop', release },
  })

test('a step gives up on pods that cannot start, says why, and works once that is mended', async () => {
  const image = await kubectl('get', 'deployment/frontend', '-o', 'jsonpath={.spec.template.spec.containers[0].image}')
  const [repository, tag] = image.split(':')
  const good = [`image.repository=${repository}`, `image.tag=${tag}`]
  await Promise.all([
    assert.rejects(install('no-image', 'image.repository=hello-observability/no-such-image'), {
      message: /Given up: .*shop\/no-image-\S+ \((ErrImagePull|ImagePullBackOff)\)[\s\S]*Failed to pull image/,
    }),
    assert.rejects(install('no-secret', ...good, 'secretEnv.KEY.secretName=none', 'secretEnv.KEY.secretKey=key'), {
      message: /Given up: .*shop\/no-secret-\S+ \(CreateContainerConfigError\)[\s\S]*secret "none" not found/,
    }),
    assert.rejects(install('no-node', ...good, 'nodeSelector.disk=none'), {
      message: /Given up: .*shop\/no-node-\S+ \(Unschedulable\)[\s\S]*not scheduled: 0\/1 nodes are available/,
    }),
  ])
  await Promise.all(releases.map((release) => install(release, ...good)))
})
