import assert from 'node:assert/strict'
import { readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { ownNames } from '@hello/monitoring/names'
import { panelQueries } from '@hello/monitoring/panel-queries'
import { eventually } from '@hello/test-support/eventually'
import { parse, parseAllDocuments, stringify } from 'yaml'
import { ask, bash, folder, helm, kubectl, limit, patience, skip } from './cluster.ts'
import { writePage } from './page.ts'
import { charts } from './programs.ts'

const prometheus = (path: string) => ask('metrics/prometheus-operated:9090', path).data
const alertmanager = (path: string) => ask('metrics/alertmanager-operated:9093', path)

/** The stack, with the images of the cluster's own. */
function stackManifests(): string {
  const text = readFileSync(new URL('existing-stack.yaml', import.meta.url), 'utf8')
  const objects = parseAllDocuments(text).map((document) => document.toJS())
  for (const { kind, spec } of objects.filter(({ kind }) => kind === 'Prometheus' || kind === 'Alertmanager')) {
    const resource = `${kind.toLowerCase()}/kube-prometheus-stack-${kind.toLowerCase()}`
    const given = JSON.parse(kubectl('--namespace=monitoring', 'get', resource, '--output=json')).spec
    Object.assign(spec, { image: given.image, version: given.version })
  }
  return objects.map((object) => stringify(object, { aliasDuplicateObjects: false })).join('---\n')
}

/** Runs a command of the page, and installs where it shows `helm template`, as it says below. */
function runBlock(command: string) {
  const { status, stderr } = bash(command.replace('helm template', 'helm upgrade --install'))
  assert.equal(status, 0, command + stderr)
}

/** A service that runs: that of the shop's namespace once more. */
function installGateway() {
  const { image } = JSON.parse(kubectl('get', 'deployment/gateway', '--output=json')).spec.template.spec.containers[0]
  const [, repository, tag] = /^(.*):(.*)$/.exec(image)!
  const values = ['services/gateway/values.yaml', 'beside/service.yaml'].flatMap((file) => ['--values', file])
  const given = ['--set', `image.repository=${repository}`, '--set-string', `image.tag=${tag}`]
  helm('upgrade', '--install', 'gateway', 'charts/service', '--namespace', 'store', ...values, ...given)
}

describe('docs/en/existing-stack.md beside a kube-prometheus-stack', { skip }, () => {
  let values: { grafana: { datasources: Record<'prometheus' | 'loki' | 'jaeger', { uid: string }> } }
  const removeNamespaces = () => kubectl('delete', 'namespace', 'metrics', 'store', '--ignore-not-found')

  before(() => {
    removeNamespaces() // of a run that was killed
    for (const namespace of ['metrics', 'store']) kubectl('create', 'namespace', namespace)
    symlinkSync(join(charts, '../services'), join(folder, 'services'))
    const blocks = writePage('existing-stack.md', folder).filter(({ language }) => language === 'bash')
    const commandOf = (word: string) => blocks.find(({ text }) => text.includes(word))!.text
    values = parse(readFileSync(join(folder, 'beside/observability.yaml'), 'utf8'))
    runBlock(commandOf('create secret'))
    runBlock(commandOf('charts/observability'))
    // It never becomes ready, for its database is not there.
    runBlock(commandOf('template order'))
    installGateway()
    // Last, so that Prometheus and Alertmanager start with all that they select.
    writeFileSync(join(folder, 'stack.yaml'), stackManifests())
    runBlock('kubectl apply --server-side --filename=stack.yaml')
    kubectl('--namespace=store', 'rollout', 'status', 'deployment/gateway', `--timeout=${limit}`)
    const requests = "for (let n = 0; n < 20; n++) fetch('http://localhost:8080/api/products').catch(() => {})"
    kubectl('--namespace=store', 'exec', 'deployment/gateway', '--', 'node', '--eval', requests)
  })
  after(removeNamespaces)

  test('Prometheus scrapes what has its label, also in another namespace, and nothing else', async () => {
    await eventually(() => {
      const { scrapePools } = prometheus('/api/v1/scrape_pools')
      assert.deepEqual(
        scrapePools.toSorted(),
        ['metrics/prometheus', 'store/gateway', 'store/order'].map((monitor) => `serviceMonitor/${monitor}/0`),
      )
      const { activeTargets } = prometheus('/api/v1/targets?state=active')
      const up = activeTargets.filter(({ health }: { health: string }) => health === 'up')
      const services = up.map(({ labels }: { labels: Record<string, string> }) => labels.app ?? labels.job).toSorted()
      assert.deepEqual(services, ['gateway', 'prometheus-operated'])
    }, patience)
  })

  test('Prometheus evaluates the rules of the release, and no others', async () => {
    await eventually(() => {
      const groups: { name: string; file: string; rules: { health: string }[] }[] = prometheus('/api/v1/rules').groups
      const files = new Set(groups.map(({ file }) => /([^/]+?)-[0-9a-f]{8}-[-0-9a-f]{27}\.yaml$/.exec(file)?.[1]))
      assert.deepEqual([...files].toSorted(), ['metrics-shop', 'metrics-shop-objectives', 'metrics-stack'])
      for (const { name, rules } of groups) for (const { health } of rules) assert.equal(health, 'ok', name)
    }, patience)
  })

  test('an alert of the shop, and of other rules about its and the stack’s namespace, reaches its receiver', async () => {
    interface Alert {
      labels: Record<string, string>
      status: { state: string }
      receivers: { name: string }[]
    }
    await eventually(() => {
      const shown: Alert[] = alertmanager('/api/v2/alerts')
      const told = shown.map(({ labels, status, receivers }) => {
        const about = [labels.namespace, labels.alertname, labels.app].filter(Boolean).join(' ')
        return `${about}: ${status.state === 'active' ? receivers.map(({ name }) => name) : status.state}`
      })
      for (const expected of [
        'elsewhere KubePodCrashLooping: null',
        'metrics KubePersistentVolumeFillingUp: metrics/shop/pages',
        'store CPUThrottlingHigh: suppressed',
        'store InfoInhibitor: store/shop/shown',
        'store KubePodCrashLooping: store/shop/tickets',
        'store ShopDeadMansSwitch: store/shop/heartbeat',
        'store ShopServiceDown order: store/shop/pages',
      ])
        assert.ok(told.includes(expected), `${expected}; there is ${told.join(', ')}`)
    }, patience)
  })

  test('the dashboards are where the sidecar looks, and what they ask of Prometheus has data', async () => {
    const names = { ...ownNames, ...values.grafana.datasources, namespace: 'store' } as typeof ownNames
    const found = JSON.parse(
      kubectl('--namespace=metrics', 'get', 'configmap', '--selector=grafana_dashboard=1', '--output=json'),
    )
    const json = found.items.flatMap(({ data }: { data: Record<string, string> }) => Object.values(data)).join()
    for (const { uid } of Object.values(values.grafana.datasources)) assert.ok(json.includes(`"uid": "${uid}"`), uid)
    const panels = ['Request rate', 'Error ratio', 'Answers by status', 'Response time p99', 'Processor']
    const queries = panelQueries(names, { service: 'gateway' }).filter(
      ({ dashboard, panel }) => dashboard === 'Service detail' && panels.includes(panel),
    )
    assert.ok(queries.length >= panels.length)
    await eventually(() => {
      for (const { panel, query } of queries) {
        const { result } = prometheus(`/api/v1/query?query=${encodeURIComponent(query)}`)
        assert.ok(result.length > 0, `${panel}: ${query}`)
      }
    }, patience)
  })
})
