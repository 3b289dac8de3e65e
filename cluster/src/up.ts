import { parseArgs } from 'node:util'
import { addresses } from './addresses.ts'
import { installedStack, installStack, stacks } from './charts.ts'
import { checkCluster } from './cluster-checks.ts'
import { run } from './command.ts'
import { deployShop } from './deploy.ts'
import { examine, report } from './doctor.ts'
import { clusterState, createCluster, kindConfig } from './kind-cluster.ts'
import { untilWell } from './shop-status.ts'
import { failSteps, runStep, type Step } from './step.ts'
import { paint, table } from './terminal.ts'

const usage = `Usage: make up   or   node cluster/src/up.ts [--cluster NAME] [--stack classic|modern]

Creates the kind cluster, installs the observability stack, builds the images and deploys the shop. Each step is skipped or
repeated without harm, so a second \`make up\` brings everything to what the checkout says.

  --stack   classic, or modern with Loki 3, Jaeger v2 and the OpenTelemetry Collector (docs/en/kubernetes.md); without it, the one that is there
`

async function clusterStep(name: string): Promise<Step> {
  const state = await clusterState(name)
  const ready: [string, ...string[]] = [
    'kubectl',
    '--context',
    `kind-${name}`,
    'wait',
    'node',
    '--all',
    '--for=condition=Ready',
    '--timeout=120s',
  ]
  const known = (await run('kubectl', ['config', 'get-contexts', `kind-${name}`])).code === 0
  const access: Step['commands'] = known ? [] : [['kind', 'export', 'kubeconfig', '--name', name]]
  if (state === 'running') return { title: `Use the cluster ${name}`, commands: [...access, ready] }
  if (state === 'stopped')
    return {
      title: `Start the cluster ${name}`,
      commands: [['docker', 'start', `${name}-control-plane`], ...access, ready],
      attempts: 40, // its API server refuses connections for as long as it starts
    }
  return {
    title: `Create the cluster ${name}`,
    commands: [createCluster(name)],
  }
}

function refuse(reason: string): number {
  process.stderr.write(`${reason}\n`)
  return 1
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      cluster: { type: 'string', default: kindConfig.name },
      stack: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  })
  if (values.help) {
    process.stdout.write(usage)
    return 0
  }
  const { cluster } = values
  const wanted = stacks.find((stack) => stack === values.stack)
  if (values.stack && !wanted) return refuse(`No such stack: ${values.stack}. There are ${stacks.join(' and ')}.`)
  const context = `kind-${cluster}`
  const started = Date.now()

  const findings = (await examine(cluster)).filter(({ level }) => level !== 'ok')
  if (findings.length > 0) process.stdout.write(`${report(findings)}\n`)
  if (findings.some(({ level }) => level === 'fail')) return 1

  if ((await failSteps(async () => runStep(await clusterStep(cluster)))) !== 0) return 1
  const broken = (await checkCluster(cluster)).filter(({ level }) => level === 'fail') // one that was stopped can be asked only now
  if (broken.length > 0) {
    process.stdout.write(`${report(broken)}\n`)
    return 1
  }
  const installed = await installedStack(context)
  if (installed && wanted && installed !== wanted)
    return refuse(`The cluster has the ${installed} stack. make down, and make up again for the other.`)
  const code = await failSteps(async () => {
    await installStack(context, wanted ?? installed ?? 'classic')
    await deployShop(cluster)
  })
  if (code !== 0) return code
  process.stdout.write('Wait for every pod, address, target and dashboard ...\n')
  const { well, text } = await untilWell(context, 300_000)
  if (!well) {
    process.stdout.write(`${text}\n\n${paint('red', 'not ready')}  make status looks again\n`)
    return 1
  }
  process.stdout.write(
    `${paint('green', 'ready')}  in ${Math.round((Date.now() - started) / 1000)} s\n\n${table(addresses.map(({ name, url, note }) => [name, url, note]))}\n`,
  )
  return 0
}

process.exitCode = await main()
