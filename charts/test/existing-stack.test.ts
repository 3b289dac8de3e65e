import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import { parseAllDocuments } from 'yaml'
import { assertValid } from './kubeconform.ts'
import { renderPage } from './page.ts'
import { needs } from './programs.ts'

// biome-ignore lint/suspicious/noExplicitAny: objects of a cluster, as Helm renders them
type Rendered = any

describe('what docs/en/existing-stack.md installs beside a kube-prometheus-stack', needs('helm'), () => {
  let rendered: string[]
  let objects: Rendered[]
  before(() => {
    rendered = renderPage('existing-stack.md')
    objects = rendered.flatMap((stdout) => parseAllDocuments(stdout).map((document) => document.toJS())).filter(Boolean)
  })
  const ofKind = (kind: string) => objects.filter((object) => object.kind === kind)

  test('is valid for Kubernetes, with the operator’s kinds', needs('kubeconform'), async () => {
    assert.equal(rendered.length, 3)
    for (const stdout of rendered) await assertValid(stdout)
  })

  test('has the label by which the stack selects, on all that it is to select', () => {
    const selected = objects.filter(({ apiVersion }) => apiVersion.startsWith('monitoring.coreos.com/'))
    const kinds = new Set(selected.map(({ kind }) => kind))
    assert.deepEqual([...kinds].toSorted(), ['AlertmanagerConfig', 'PrometheusRule', 'ServiceMonitor'])
    for (const { kind, metadata } of selected)
      assert.equal(metadata.labels.release, 'stack', `${kind} ${metadata.name}`)
    assert.deepEqual(
      ofKind('ServiceMonitor').map(({ metadata }) => metadata.name),
      ['order', 'postgres'],
    )
  })

  test('routes in each namespace what Alertmanager tells that one', () => {
    const routed = ofKind('AlertmanagerConfig').map(({ metadata, spec }) => [
      metadata.namespace,
      spec.route.matchers[0].value,
      spec.receivers[1].webhookConfigs[0].urlSecret.name,
    ])
    assert.deepEqual(routed, [
      ['metrics', 'metrics', 'shop-alerts'],
      ['store', 'store', 'shop-alerts'],
    ])
  })

  test('lets the Prometheus of the stack in, and only it', () => {
    for (const { metadata, spec } of ofKind('NetworkPolicy').filter(({ metadata }) => metadata.name !== 'postgres')) {
      const namespaces = JSON.stringify(spec.ingress).match(/(?<="kubernetes.io\/metadata.name":")[^"]+/g)
      assert.deepEqual(namespaces, ['metrics'], metadata.name)
    }
  })

  test('shows the shop’s namespace, and asks the datasources that are there', () => {
    assert.ok(!ofKind('ConfigMap').some(({ metadata }) => metadata.labels.grafana_datasource))
    const dashboards = ofKind('ConfigMap').filter(({ metadata }) => metadata.labels.grafana_dashboard === '1')
    assert.ok(dashboards.length > 5)
    for (const { data } of dashboards)
      for (const [file, content] of Object.entries<string>(data)) {
        const uids = content.matchAll(/"datasource": \{\s*"type": "(\w+)",\s*"uid": "([^"]+)"/g)
        const asked = new Set(Array.from(uids, ([, type, uid]) => `${type} ${uid}`))
        assert.ok(asked.size > 0, file)
        for (const one of asked)
          assert.match(one, /^(prometheus P1809F7CD0C75ACF3|loki P8E80F9AEF21F6940|jaeger PC9A941E8F2E49454)$/, file)
        const variables: Rendered[] = JSON.parse(content).templating.list
        assert.equal(variables.find(({ name }) => name === 'namespace').current.value, 'store', file)
      }
    for (const { spec } of ofKind('PrometheusRule'))
      assert.doesNotMatch(JSON.stringify(spec), /namespace=\\*"shop\\*"|serviceMonitor\/shop\//)
  })
})
