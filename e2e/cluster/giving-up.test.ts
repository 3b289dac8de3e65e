import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { run } from '@hello/cluster/command'
import { runStep } from '@hello/cluster/step'
import { context, kubectl } from './shop-cluster.ts'

const charts = new URL('../../charts/', import.meta.url).pathname
const services = ['no-image', 'no-secret', 'no-node']
const database = 'no-server'

after(async () => {
  await run('helm', ['uninstall', ...services, database, '--ignore-not-found', '--kube-context', context, '-n', 'shop'])
  await kubectl('delete', 'pvc,secret', '--selector', `app.kubernetes.io/instance=${database}`)
})

/** As `make up` installs a chart, waiting longer than this file may take. */
const install = (release: string, chart: string, ...settings: string[]) =>
  runStep({
    title: `Install ${release}`,
    commands: [
      [
        ...([
          'helm',
          'upgrade',
          '--install',
          release,
          charts + chart,
          '--kube-context',
          context,
          '-n',
          'shop',
        ] as const),
        ...['--wait', '--timeout', '1h', '--set', 'serviceMonitor.enabled=false'],
        ...settings.flatMap((setting) => [/=(true|false)$/.test(setting) ? '--set' : '--set-string', setting]),
      ],
    ],
    cluster: { context, namespace: 'shop', release },
  })

// Beside each other, for both mostly wait.
describe('a step on pods that cannot start', { concurrency: 2 }, () => {
  test('gives up, says why, and works once that is mended', async () => {
    const image = await kubectl(
      'get',
      'deployment/frontend',
      '-o',
      'jsonpath={.spec.template.spec.containers[0].image}',
    )
    const [repository, tag] = image.split(':')
    const good = [`image.repository=${repository}`, `image.tag=${tag}`]
    await Promise.all([
      assert.rejects(install('no-image', 'service', 'image.repository=hello-observability/no-such-image'), {
        message: /Given up: .*shop\/no-image-\S+ \((ErrImagePull|ImagePullBackOff)\)[\s\S]*Failed to pull image/,
      }),
      assert.rejects(
        install('no-secret', 'service', ...good, 'secretEnv.KEY.secretName=none', 'secretEnv.KEY.secretKey=key'),
        {
          message: /Given up: .*shop\/no-secret-\S+ \(CreateContainerConfigError\)[\s\S]*secret "none" not found/,
        },
      ),
      assert.rejects(install('no-node', 'service', ...good, 'nodeSelector.disk=none'), {
        message: /Given up: .*shop\/no-node-\S+ \(Unschedulable\)[\s\S]*not scheduled: 0\/1 nodes are available/,
      }),
    ])
    await Promise.all(services.map((release) => install(release, 'service', ...good)))
  })

  test('works on a StatefulSet whose pod never started, once its template is mended', async () => {
    const settings = ['image.digest=', 'exporter.enabled=false', 'backup.enabled=false']
    await assert.rejects(
      install(database, 'postgres', ...settings, 'image.tag=no-such-tag'),
      /no-server-0 \((ErrImagePull|ImagePullBackOff)\)/,
    )
    await install(database, 'postgres', ...settings)
  })
})
