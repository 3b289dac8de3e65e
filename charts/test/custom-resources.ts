import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after } from 'node:test'
import { parse } from 'yaml'

/** Kinds that others define: the Go module that has the CustomResourceDefinition, and its file there. */
const definedIn = {
  HTTPRoute: ['sigs.k8s.io/gateway-api@v1.4.0', 'config/crd/standard/gateway.networking.k8s.io_httproutes.yaml'],
  ApplicationSet: ['github.com/argoproj/argo-cd/v3@v3.2.0', 'manifests/crds/applicationset-crd.yaml'],
  GitRepository: [
    'github.com/fluxcd/source-controller@v1.7.0',
    'config/crd/bases/source.toolkit.fluxcd.io_gitrepositories.yaml',
  ],
  HelmRelease: [
    'github.com/fluxcd/helm-controller@v1.4.0',
    'config/crd/bases/helm.toolkit.fluxcd.io_helmreleases.yaml',
  ],
  Cluster: ['github.com/cloudnative-pg/cloudnative-pg@v1.30.0', 'config/crd/bases/postgresql.cnpg.io_clusters.yaml'],
  Pooler: ['github.com/cloudnative-pg/cloudnative-pg@v1.30.0', 'config/crd/bases/postgresql.cnpg.io_poolers.yaml'],
  ScheduledBackup: [
    'github.com/cloudnative-pg/cloudnative-pg@v1.30.0',
    'config/crd/bases/postgresql.cnpg.io_scheduledbackups.yaml',
  ],
  ObjectStore: [
    'github.com/cloudnative-pg/plugin-barman-cloud@v0.13.0',
    'config/crd/bases/barmancloud.cnpg.io_objectstores.yaml',
  ],
  ClusterImagePolicy: ['github.com/sigstore/policy-controller@v0.13.0', 'config/300-clusterimagepolicy.yaml'],
} as const
type Kind = keyof typeof definedIn

interface Schema {
  type?: string
  properties?: Record<string, Schema>
  items?: Schema
  additionalProperties?: boolean
}

/** A schema that refuses unknown keys, as the API server does when it is asked to validate strictly. */
function strict(schema: Schema): Schema {
  if (schema.items) return { ...schema, items: strict(schema.items) }
  if (!schema.properties) return schema
  const properties = Object.entries(schema.properties).map(([name, value]) => [name, strict(value)])
  return { ...schema, properties: Object.fromEntries(properties), additionalProperties: false }
}

/** The file with the CustomResourceDefinition of a kind; none where its module cannot be had, for which there is one line. */
export function definitionOf(kind: Kind): string | undefined {
  const [module, file] = definedIn[kind]
  const downloaded = spawnSync('go', ['mod', 'download', '-json', module], { cwd: tmpdir(), encoding: 'utf8' })
  if (downloaded.status === 0) return join(JSON.parse(downloaded.stdout).Dir, file)
  const reason = downloaded.error?.message ?? downloaded.stdout
  console.log(`${kind}s are left out: go mod download ${module} failed (${reason})`)
  return undefined
}

const folder = mkdtempSync(join(tmpdir(), 'schemas-'))
after(() => rmSync(folder, { recursive: true }))
/** Whether there is a schema, of the kinds that were asked for. */
const made = new Map<Kind, boolean>()

function makeSchema(kind: Kind): boolean {
  const file = definitionOf(kind)
  if (!file) return false
  const { versions } = parse(readFileSync(file, 'utf8')).spec
  for (const { name, schema } of versions) {
    const { properties, ...rest } = schema.openAPIV3Schema
    // Every object has these three, whether its definition says so or not.
    const whole = strict({ ...rest, properties: { apiVersion: {}, kind: {}, metadata: {}, ...properties } })
    writeFileSync(join(folder, `${kind.toLowerCase()}_${name}.json`), JSON.stringify(whole))
  }
  return true
}

/** The options that tell kubeconform of the kinds of others in some manifests; it is to leave out those of which there is no schema. */
export function customSchemas(manifests: string): string[] {
  const kinds = (Object.keys(definedIn) as Kind[]).filter((kind) => new RegExp(`^kind: ${kind}$`, 'm').test(manifests))
  for (const kind of kinds) if (!made.has(kind)) made.set(kind, makeSchema(kind))
  const missing = kinds.filter((kind) => !made.get(kind))
  return [
    `-schema-location=${folder}/{{.ResourceKind}}_{{.ResourceAPIVersion}}.json`,
    ...(missing.length > 0 ? [`-skip=${missing}`] : []),
  ]
}
