import { execFile, execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after } from 'node:test'
import { fileURLToPath } from 'node:url'

/**
 * The kubectl context of a kind cluster (kind-NAME) with a default StorageClass, network policies that are enforced and the
 * Prometheus operator. The tests install in the namespace `shop` and remove what is theirs.
 */
export const context = process.env.CHARTS_TEST_CONTEXT ?? ''

/** For node:test: why tests on a cluster are skipped, or false. */
export const skip = context ? false : 'CHARTS_TEST_CONTEXT names no kubectl context: no cluster to test on'

/** A temporary folder with `charts` in it, as in a checkout; where the programs below run. */
export const folder = mkdtempSync(join(tmpdir(), 'charts-'))
symlinkSync(fileURLToPath(new URL('..', import.meta.url)), join(folder, 'charts'))
after(() => rmSync(folder, { recursive: true }))

const options = { cwd: folder, encoding: 'utf8' } as const

/** Runs kubectl in the namespace and gives what it prints. */
export function kubectl(...args: string[]): string {
  return execFileSync('kubectl', ['--context', context, '--namespace', 'shop', ...args], options).trim()
}

/** Runs helm in the namespace and gives what it prints. */
export function helm(...args: string[]): string {
  return execFileSync('helm', ['--kube-context', context, '--namespace', 'shop', ...args], options).trim()
}

/** Asks a Service of the observability stack, `namespace/name:port`, through the cluster's API and gives its JSON. */
export function ask(service: string, path: string) {
  const [namespace, name] = service.split('/')
  return JSON.parse(kubectl('get', '--raw', `/api/v1/namespaces/${namespace}/services/${name}/proxy${path}`))
}

/** Runs JavaScript in a pod of the Deployment, beside the rest of the test. */
export function nodeIn(deployment: string, script: string, ...args: string[]): Promise<string> {
  const command = [
    '--context',
    context,
    '--namespace',
    'shop',
    'exec',
    `deployment/${deployment}`,
    '--',
    'node',
    '-e',
    script,
  ]
  return new Promise((resolve, reject) => {
    execFile('kubectl', [...command, ...args], options, (error, stdout) =>
      error ? reject(error) : resolve(stdout.trim()),
    )
  })
}

/** Runs a shell script with kubectl and helm set to the cluster. */
export function bash(script: string) {
  const kubeconfig = join(folder, 'kubeconfig')
  writeFileSync(kubeconfig, kubectl('config', 'view', '--raw', '--minify'), { mode: 0o600 })
  const shell = ['-euo', 'pipefail', '-c', script]
  return spawnSync('bash', shell, { ...options, env: { ...process.env, KUBECONFIG: kubeconfig } })
}

/** The namespace of the shop, with Pod Security as in cluster/namespaces.yaml. */
export function createNamespace() {
  spawnSync('kubectl', ['--context', context, 'create', 'namespace', 'shop'])
  kubectl('label', 'namespace', 'shop', '--overwrite', 'pod-security.kubernetes.io/enforce=restricted')
}

const seconds = Number(process.env.EVENTUALLY_SECONDS ?? 540)

/** How long any wait may last, for kubectl and Helm: no guess at the machine's speed, only an end for what never comes. */
export const limit = `${seconds}s`

/** The same for `eventually`; a check starts kubectl, which costs more than to look. */
export const patience = { seconds, everyMs: 500 }
