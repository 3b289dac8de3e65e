import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after } from 'node:test'
import { gatewayApiSchemas } from './gateway-api.ts'
import { run } from './programs.ts'

const folder = mkdtempSync(join(tmpdir(), 'schemas-'))
after(() => rmSync(folder, { recursive: true }))

/** With a folder of schemas of one's own comes that of the Gateway API, which a machine with Go can make. */
const schemas = process.env.KUBECONFORM_FLAGS
  ? [...process.env.KUBECONFORM_FLAGS.split(' '), ...gatewayApiSchemas(folder)]
  : [
      '-schema-location=default',
      '-schema-location=https://raw.githubusercontent.com/datreeio/CRDs-catalog/main/{{.Group}}/{{.ResourceKind}}_{{.ResourceAPIVersion}}.json',
    ]

/** Fails with what is not valid for one of the versions of Kubernetes that are maintained. Needs kubeconform. */
export async function assertValid(manifests: string): Promise<void> {
  for (const version of ['1.34.4', '1.35.4', '1.36.3']) {
    const { status, stdout, stderr } = await run(
      'kubeconform',
      ['-strict', '-kubernetes-version', version, ...schemas],
      manifests,
    )
    assert.equal(status, 0, `Kubernetes ${version}: ${stdout}${stderr}`)
  }
}
