import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parse } from 'yaml'

const gatewayApi = 'sigs.k8s.io/gateway-api@v1.4.0'

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

/** The file with the CustomResourceDefinition of HTTPRoute, of the Go module of the Gateway API; none where it cannot be had. */
export function httpRouteDefinition(): string | undefined {
  const downloaded = spawnSync('go', ['mod', 'download', '-json', gatewayApi], { cwd: tmpdir(), encoding: 'utf8' })
  if (downloaded.status === 0)
    return join(JSON.parse(downloaded.stdout).Dir, 'config/crd/standard/gateway.networking.k8s.io_httproutes.yaml')
  const reason = downloaded.error?.message ?? downloaded.stdout
  console.log(`HTTPRoutes are left out: go mod download ${gatewayApi} failed (${reason})`)
  return undefined
}

/**
 * Writes the schema of HTTPRoute to a folder.
 *
 * @returns the options that tell kubeconform; where there is none, that it is to leave HTTPRoutes out
 */
export function gatewayApiSchemas(folder: string): string[] {
  const file = httpRouteDefinition()
  if (!file) return ['-skip=HTTPRoute']
  const { versions } = parse(readFileSync(file, 'utf8')).spec
  for (const { name, schema } of versions)
    writeFileSync(join(folder, `httproute_${name}.json`), JSON.stringify(strict(schema.openAPIV3Schema)))
  return [`-schema-location=${folder}/{{.ResourceKind}}_{{.ResourceAPIVersion}}.json`]
}
