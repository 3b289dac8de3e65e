import assert from 'node:assert/strict'
import { customSchemas } from './custom-resources.ts'
import { run } from './programs.ts'

/** Where schemas are taken from: a folder of one's own, which lacks the kinds of others, or the public ones. */
const schemas = process.env.KUBECONFORM_FLAGS?.split(' ') ?? [
  '-schema-location=default',
  '-schema-location=https://raw.githubusercontent.com/datreeio/CRDs-catalog/main/{{.Group}}/{{.ResourceKind}}_{{.ResourceAPIVersion}}.json',
]

/** Fails with what is not valid for one of the versions of Kubernetes that are maintained. Needs kubeconform. */
export async function assertValid(manifests: string): Promise<void> {
  const more = process.env.KUBECONFORM_FLAGS ? customSchemas(manifests) : []
  for (const version of ['1.34.4', '1.35.4', '1.36.3']) {
    const { status, stdout, stderr } = await run(
      'kubeconform',
      ['-strict', '-kubernetes-version', version, ...schemas, ...more],
      manifests,
    )
    assert.equal(status, 0, `Kubernetes ${version}: ${stdout}${stderr}`)
  }
}
