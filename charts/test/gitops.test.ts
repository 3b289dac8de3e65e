import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { services } from '@hello/shop/services'
import { parse, parseAllDocuments } from 'yaml'
import { codeBlocks } from './code-blocks.ts'
import { assertValid } from './kubeconform.ts'
import { charts, needs, render } from './programs.ts'

const checkout = join(charts, '..')
const blocks = codeBlocks(new URL('../../docs/en/production.md', import.meta.url))
const textOf = (name: string) => blocks.find(({ file }) => file === name)!.text

/** Those of a release's files that there are, of which some only a reader has. */
function present(files: string[]): string[] {
  const missing = files.filter((file) => !existsSync(file))
  for (const file of missing) assert.match(file, /\/production\/\w+\.yaml$/)
  return files.filter((file) => !missing.includes(file))
}

/** Renders a release as the tool would have Helm do, and holds that its pods run the image of that digest. */
async function assertInstalls(release: string, files: string[], repository: string, digest: string) {
  const settings = ['--set', `image.repository=${repository}`, '--set', `image.digest=${digest}`]
  const { status, stdout, stderr } = await render({ release, chart: 'service', values: present(files) }, ...settings)
  assert.equal(status, 0, stderr)
  await assertValid(stdout)
  const rendered = parseAllDocuments(stdout).map((document) => document.toJS())
  const { spec } = rendered.find((object) => object?.kind === 'Deployment')
  const { image } = spec.template.spec.containers[0]
  assert.ok(image.startsWith(`${repository}:`) && image.endsWith(`@${digest}`), image)
  assert.ok(rendered.some((object) => object?.kind === 'HorizontalPodAutoscaler'))
}

describe('docs/en/production.md: GitOps', needs('helm', 'kubeconform'), () => {
  test('the ApplicationSet is valid, and installs each of the services', async () => {
    const text = textOf('gitops/argocd.yaml')
    await assertValid(text)
    const { generators, template } = parse(text).spec
    const elements: Record<string, string>[] = generators[0].list.elements
    assert.deepEqual(
      elements.map(({ name, folder }) => [name, folder]),
      services.map(({ name, folder }) => [name, folder]),
    )
    for (const element of elements) {
      const filled = parse(JSON.stringify(template).replaceAll(/{{\.(\w+)}}/g, (_, name) => element[name]!))
      const { path, helm } = filled.spec.source
      const files = helm.valueFiles.map((file: string) => join(checkout, path, file))
      const [repository, digest] = helm.parameters.map(({ value }: { value: string }) => value)
      await assertInstalls(helm.releaseName, files, repository, digest)
    }
  })

  test('the HelmRelease is valid, and installs its service', async () => {
    const text = textOf('gitops/flux.yaml')
    await assertValid(text)
    const [, release] = parseAllDocuments(text).map((document) => document.toJS())
    const { chart, valuesFiles } = release.spec.chart.spec
    assert.equal(chart, 'charts/service')
    const files = valuesFiles.map((file: string) => join(checkout, file))
    const { repository, digest } = release.spec.values.image
    await assertInstalls(release.spec.releaseName, files, repository, digest)
  })
})
