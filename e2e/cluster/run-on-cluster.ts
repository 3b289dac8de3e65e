import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { installStack, stacks } from '@hello/cluster/charts'
import { read, run } from '@hello/cluster/command'
import { buildImages, deployShop, loadImages } from '@hello/cluster/deploy'
import { clusterState, createCluster, portMappings } from '@hello/cluster/kind-cluster'
import { failSteps, runStep } from '@hello/cluster/step'

const help = `Usage: make e2e   or   node e2e/cluster/run-on-cluster.ts [--keep] [--cluster NAME] [--stack classic|modern] [TEST-FILE...]

Creates a kind cluster of its own on free ports, installs the observability stack and the shop, runs the tests against it and
deletes it. Ends at once, with 0, where the programs that it needs are missing.

  --cluster   its name (default: hello-e2e)
  --workers   nodes beside the first, for the tests of e2e/nodes (default: 0)
  --stack     what the shop stands on (default: classic)
  --keep      use the one that runs, and leave it there: kind delete cluster --name hello-e2e
  TEST-FILE   default: everything below
`

const root = join(import.meta.dirname, '../..')

/**
 * In this order, those of a line two at a time: what scaled out has time to come back in; what crowds or hurts the shop comes after the
 * file that holds that nobody is paged; and the dev loop comes last because it replaces the images.
 */
const testFiles = [
  ['e2e/cluster/images.test.ts'],
  ['e2e/cluster/second-deploy.test.ts'],
  ['e2e/cluster/scale-out.test.ts'],
  ['e2e/telemetry/telemetry.test.ts'],
  ['e2e/cluster/signals.test.ts'],
  ['e2e/cluster/edges.test.ts'],
  ['e2e/cluster/giving-up.test.ts'],
  ['e2e/cluster/scale-in.test.ts'],
  ['e2e/cluster/memory.test.ts'],
  ['e2e/cluster/disruption.test.ts'],
  ['e2e/cluster/diagnosis.test.ts', 'e2e/shop/*.test.ts'],
  ['e2e/cluster/dashboards.test.ts', 'e2e/cluster/faults.test.ts'],
  ['e2e/cluster/load-test.test.ts'],
  ['charts/test/*-on-cluster.test.ts', 'e2e/cluster/incidents.test.ts'],
  ['e2e/cluster/dev-loop.test.ts'],
]

/** What a file of tests may take, and what any wait in it may: no guess at the machine's speed, only an end for what never comes. */
const limits = { fileMs: 1_800_000, waitSeconds: 540 }

const needed = ['docker', 'kind', 'kubectl', 'helm', 'skaffold']

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    cluster: { type: 'string', default: 'hello-e2e' },
    workers: { type: 'string', default: '0' },
    stack: { type: 'string', default: 'classic' },
    keep: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  },
})
const { cluster } = values
const stack = stacks.find((name) => name === values.stack)
if (!stack) throw new Error(`No such stack: ${values.stack}. There are ${stacks.join(' and ')}.`)
const context = `kind-${cluster}`

/** kind-config.yaml on whichever ports are free, so that a shop may run beside it, with the nodes that were asked for. */
function configOnFreePorts(folder: string): string {
  const file = join(folder, 'kind-config.yaml')
  const config = readFileSync(join(root, 'kind-config.yaml'), 'utf8')
  const workers = '\n  - role: worker'.repeat(Number(values.workers))
  writeFileSync(
    file,
    config
      .replaceAll(/hostPort: \d+/g, 'hostPort: 0')
      .replace(/^name: .*$/m, '')
      .trimEnd() + workers,
  )
  return file
}

/** The address behind which a port of kind-config.yaml is in this cluster. */
async function addressOf(hostPort: number): Promise<string> {
  const { containerPort } = portMappings.find((mapping) => mapping.hostPort === hostPort)!
  return `http://${(await read('docker', ['port', `${cluster}-control-plane`, `${containerPort}/tcp`])).trim()}`
}

async function useOrCreateCluster(folder: string) {
  if (values.keep && (await clusterState(cluster)) === 'running') {
    await read('kind', ['export', 'kubeconfig', '--name', cluster])
    return
  }
  await runStep({
    title: `Create the cluster ${cluster}`,
    // A killed run may have left one.
    commands: [['kind', 'delete', 'cluster', '--name', cluster], createCluster(cluster, configOnFreePorts(folder))],
  })
}

/** Of the shop, and for dev-loop.test.ts. */
async function buildAndLoadImages() {
  await loadImages(cluster, [await buildImages(cluster), await buildImages(cluster, ['dev'])])
}

async function install(folder: string) {
  await useOrCreateCluster(folder)
  await Promise.all([installStack(context, stack!), buildAndLoadImages()])
  await deployShop(cluster)
}

/** In the order given, which `node --test` itself would sort. */
async function runTests(lines: string[][], environment: Record<string, string>): Promise<number> {
  let failed = 0
  for (const files of lines) {
    const args = ['--test', '--test-concurrency=2', `--test-timeout=${limits.fileMs}`, ...files]
    const tests = spawn(process.execPath, args, {
      cwd: root,
      stdio: 'inherit',
      env: { ...process.env, ...environment },
    })
    const code = await new Promise<number>((resolve) => tests.on('exit', (exitCode) => resolve(exitCode ?? 1)))
    failed ||= code
  }
  return failed
}

async function main(): Promise<number> {
  if (values.help) {
    process.stdout.write(help)
    return 0
  }
  const missing: string[] = []
  for (const program of needed) if ((await run(program, ['--help'])).code === 127) missing.push(program)
  if (missing.length > 0) {
    process.stdout.write(`e2e on a cluster: skipped, ${missing.join(', ')} missing (make doctor)\n`)
    return 0
  }

  const folder = mkdtempSync(join(tmpdir(), 'hello-e2e-'))
  process.env.KUBECONFIG = join(folder, 'kubeconfig')
  const started = Date.now()
  try {
    const failed = await failSteps(() => install(folder))
    if (failed) return failed
    const gateway = await addressOf(8080)
    const code = await runTests(positionals.length > 0 ? positionals.map((file) => [file]) : testFiles, {
      CLUSTER: cluster,
      STACK: stack!,
      EVENTUALLY_SECONDS: String(limits.waitSeconds),
      CHARTS_TEST_CONTEXT: context,
      GATEWAY_URL: gateway,
      FRONTEND_URL: await addressOf(3001),
      JAEGER_URL: await addressOf(16686),
      PROMETHEUS_URL: await addressOf(9090),
      ALERTMANAGER_URL: await addressOf(9093),
      LOKI_URL: await addressOf(3100),
    })
    process.stdout.write(
      `e2e on a cluster: ${code === 0 ? 'passed' : 'failed'} in ${Math.round((Date.now() - started) / 1000)} s\n`,
    )
    return code
  } finally {
    if (!values.keep) await run('kind', ['delete', 'cluster', '--name', cluster])
    rmSync(folder, { recursive: true })
  }
}

process.exitCode = await main()
