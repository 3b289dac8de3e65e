import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { kindConfig } from './kind-cluster.ts'
import { failSteps, logFolder, runStep } from './step.ts'

const usage = `Usage: make deploy   or   node cluster/src/deploy.ts [--cluster NAME] [--profile PROFILE]...

Builds the images that changed, loads them into the kind cluster and deploys the shop. Elsewhere than on kind: skaffold run.
`

const skaffold = ['--filename', join(import.meta.dirname, '../../skaffold.yaml'), '--update-check=false']

/** Skaffold labels every pod with the id of the run, by default another one each time, which restarts what did not change (ADR 9). */
const runLabel = 'skaffold.dev/run-id=shop'

/** The images of a `skaffold build --file-output`. */
const builtImages = (file: string): string[] =>
  (JSON.parse(readFileSync(file, 'utf8')).builds as { tag: string }[]).map(({ tag }) => tag)

/** Builds the images of some Skaffold profiles. Returns the file that tells Skaffold what was built. */
export async function buildImages(cluster: string, profiles: string[] = []): Promise<string> {
  const file = join(logFolder, ['images', ...profiles].join('-'))
  const chosen = profiles.flatMap((profile) => ['--profile', profile])
  await runStep({
    title: ['Build the images', ...profiles].join(' '),
    commands: [
      [
        'skaffold',
        'build',
        ...skaffold,
        ...chosen,
        '--kube-context',
        `kind-${cluster}`,
        '--push=false',
        '--file-output',
        file,
      ],
    ],
  })
  return file
}

/**
 * Loads what was built, by those files, into a kind cluster, all at once: what images share (the base image) goes over once, where
 * Skaffold itself loads one whole image after the other.
 */
export async function loadImages(cluster: string, files: string[]): Promise<void> {
  await runStep({
    title: 'Load the images',
    commands: [['kind', 'load', 'docker-image', '--name', cluster, ...files.flatMap(builtImages)]],
  })
}

/** Builds, loads and deploys the shop, and waits until it is ready. */
export async function deployShop(cluster: string, profiles: string[] = []): Promise<void> {
  const images = await buildImages(cluster, profiles)
  await loadImages(cluster, [images])
  const context = `kind-${cluster}`
  const chosen = profiles.flatMap((profile) => ['--profile', profile])
  await runStep({
    title: 'Deploy the shop',
    commands: [
      [
        'skaffold',
        'deploy',
        ...skaffold,
        ...chosen,
        '--kube-context',
        context,
        '--build-artifacts',
        images,
        '--load-images=false',
        '--label',
        runLabel,
      ],
    ],
    cluster: { context, namespace: 'shop' },
  })
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      cluster: { type: 'string', default: kindConfig.name },
      profile: { type: 'string', multiple: true, default: [] },
      help: { type: 'boolean', short: 'h', default: false },
    },
  })
  if (values.help) {
    process.stdout.write(usage)
    return 0
  }
  return failSteps(() => deployShop(values.cluster, values.profile))
}

if (import.meta.main) process.exitCode = await main()
