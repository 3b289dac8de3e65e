import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { parse } from 'yaml'
import { charts, needs, render } from './programs.ts'

const isObject = (value: unknown): value is object =>
  value !== null && typeof value === 'object' && !Array.isArray(value)

/** The path of each object and of each leaf that a values file has. */
function paths(value: unknown, path: string[] = []): { path: string[]; value: unknown }[] {
  const inner = isObject(value) ? Object.entries(value) : []
  return [{ path, value }, ...inner.flatMap(([key, child]) => paths(child, [...path, key]))]
}

describe('values that are refused', { concurrency: true, ...needs('helm') }, () => {
  /** Maps whose keys are the user's, with any name. */
  const free = /^(labels|podAnnotations|podLabels|nodeSelector|.*\.annotations|.*\.labels|.*\.matchLabels)$/
  const whole = { service: '../services/order/values.yaml', postgres: undefined, observability: undefined }

  for (const [chart, values] of Object.entries(whole)) {
    const installation = { release: 'x', chart, values: values ? [values] : [] }
    const defaults = parse(readFileSync(join(charts, chart, 'values.yaml'), 'utf8'))
    const all = paths(defaults)
    const objects = all.filter(({ value }) => isObject(value))
    const closed = objects.filter(({ path }) => !free.test(path.join('.')))
    const leaves = all.filter(({ value }) => !isObject(value))

    /** Sets all of them at once; the message has a line for each that is refused, with one of its refusals. */
    async function assertAllRefused(settings: { path: string[]; value: string; refusals: string[] }[]) {
      const flags = settings.flatMap(({ path, value }) => ['--set-json', `${path.join('.')}=${value}`])
      const { status, stderr } = await render(installation, ...flags)
      assert.notEqual(status, 0)
      const accepted = settings.filter(({ refusals }) => !refusals.some((refusal) => stderr.includes(refusal)))
      assert.deepEqual(
        accepted.map(({ path }) => path.join('.')),
        [],
        stderr,
      )
    }
    const place = (path: string[]) => path.map((key) => `/${key}`).join('')
    const wrongType = ({ path, value }: { path: string[]; value: unknown }) => ({
      path,
      value: typeof value === 'string' ? '[]' : '"wrong type"',
      refusals: ['got', 'value must', "'anyOf' failed"].map((words) => `at '${place(path)}': ${words}`),
    })

    test(`${chart}: an unknown key in each of ${closed.length} objects`, () =>
      assertAllRefused(
        closed.map(({ path }) => ({
          path: [...path, 'unexpected-key'],
          value: '"x"',
          refusals: [
            `at '${place(path)}': additional properties 'unexpected-key'`,
            `at '${place(path)}/unexpected-key': got`,
          ],
        })),
      ))

    test(`${chart}: a wrong type in each of ${leaves.length} places`, () => assertAllRefused(leaves.map(wrongType)))

    for (const depth of new Set(objects.map(({ path }) => path.length).filter((length) => length > 0)))
      test(`${chart}: a wrong type in place of each object ${depth} deep`, () =>
        assertAllRefused(objects.filter(({ path }) => path.length === depth).map(wrongType)))
  }

  const refusals = {
    'no image': ['service', 'image.repository=', "at '/image/repository'"],
    'an image without a legal name': ['service', 'image.repository=UPPER', "at '/image/repository'"],
    'a port beyond 65535': ['service', 'http.port=70000', "at '/http/port'"],
    'a node port outside the range': ['service', 'external.nodePort=8080', "at '/external/nodePort'"],
    root: ['service', 'security.runAsUser=0', "at '/security/runAsUser'"],
    'an Ingress without a host': ['service', 'ingress.enabled=true', "at '/ingress/hosts'"],
    'a host that is none': ['service', 'ingress.hosts[0].host=a b', "at '/ingress/hosts/0/host'"],
    'an HTTPRoute without a Gateway': ['service', 'httpRoute.enabled=true', "at '/httpRoute/parentRefs'"],
    'a kind that the chart does not know': ['service', 'kind=StatefulSet', "at '/kind'"],
    'a worker with a way in': ['service', 'kind=Worker,external.enabled=true', "at '/external/enabled'"],
    'a cron job without a schedule': ['service', 'kind=CronJob', "at '/cronJob/schedule'"],
    'a cron job that scales': ['service', 'kind=CronJob,autoscaling.enabled=true', "at '/autoscaling/enabled'"],
    'a file without an absolute path': ['service', 'configFiles.app\\.yaml=x', "at '/configFiles'"],
    'a volume that the chart has': [
      'service',
      'volumes[0].name=tmp,volumes[0].emptyDir.medium=Memory',
      "at '/volumes/0/name'",
    ],
    'an unknown key of a mount': ['service', 'volumeMounts[0].path=/x', "at '/volumeMounts/0'"],
    'an unknown source of the environment': ['service', 'envFrom[0].fileRef.name=x', "at '/envFrom/0'"],
    'a container without an image': ['service', 'extraContainers[0].name=proxy', "at '/extraContainers/0'"],
    'an unknown kind of affinity': ['service', 'affinity.podAffinities.x=1', "at '/affinity'"],
    'an unknown kind of metric': ['service', 'autoscaling.metrics[0].type=Cpu', "at '/autoscaling/metrics/0/type'"],
    'addresses of a service in the cluster': [
      'service',
      'upstreams.product.addresses={10.0.0.0/8}',
      "at '/upstreams/product'",
    ],
    'a caller with two namespaces': ['service', 'callers={a/b/c}', "at '/callers/0'"],
    'more pods at least than at most': [
      'service',
      'autoscaling.enabled=true,autoscaling.minReplicas=9',
      'autoscaling.minReplicas (9) is more than autoscaling.maxReplicas (4)',
    ],
    'a label that selects': [
      'service',
      'podLabels.app\\.kubernetes\\.io/name=x',
      'podLabels.app.kubernetes.io/name cannot be set',
    ],
    'an upstream without its variable': ['service', 'upstreams.stock.port=1', "at '/upstreams/stock'"],
    'memory in megabytes with one letter too many': [
      'service',
      'resources.limits.memory=1MB',
      "at '/resources/limits/memory'",
    ],
    'a variable that the chart sets': ['service', 'env.PORT=1', 'env.PORT cannot be set here: set http.port'],
    'a variable that an upstream sets': ['service', 'env.PRODUCT_SERVICE_URL=x', 'upstreams.product sets it'],
    'a database with a reserved name': ['postgres', 'databases={exporter}', "at '/databases/0'"],
    'no database': ['postgres', 'databases=null', "missing property 'databases'"],
    'an external server without an address': [
      'postgres',
      'externalDatabase.enabled=true',
      "at '/externalDatabase/host'",
    ],
    'a language without texts': ['observability', 'alertmanager.language=de', "at '/alertmanager/language'"],
    'mail to what is no address': [
      'observability',
      'alertmanager.email.to.pages=oncall',
      "at '/alertmanager/email/to/pages'",
    ],
    'a receiver whose address stands in the values': [
      'observability',
      'alertmanager.webhook.url=https://alerts.example.com',
      "at '/alertmanager/webhook'",
    ],
    'a Secret whose name is an address': [
      'observability',
      'alertmanager.slack.secret=https://hooks.slack.com/services/T0/B0/x',
      "at '/alertmanager/slack/secret'",
    ],
    'mail without a sender': [
      'observability',
      'alertmanager.email.smarthost=smtp.example.com:587',
      "at '/alertmanager/email/from'",
    ],
    'a schedule that is not cron': ['postgres', 'backup.schedule=daily', "at '/backup/schedule'"],
  } as const
  for (const [what, [chart, setting, message]] of Object.entries(refusals))
    test(`${chart}: ${what}`, async () => {
      const values = chart === 'service' ? ['../services/order/values.yaml'] : []
      const { status, stderr } = await render({ release: 'x', chart, values }, '--set', setting)
      assert.notEqual(status, 0)
      assert.ok(stderr.includes(message), stderr)
    })
})
