import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after, before, test } from 'node:test'
import { promisify } from 'node:util'
import { checkInotify, checkPorts, needs } from '../src/checks.ts'
import { type PortMapping, portMappings } from '../src/kind-cluster.ts'

const script = new URL('../src/doctor.ts', import.meta.url).pathname
let folder: string

before(() => {
  folder = mkdtempSync(join(tmpdir(), 'doctor-'))
})
after(() => rmSync(folder, { recursive: true }))

/** Puts programs on a PATH of their own and runs the doctor with it. */
async function examine(programs: Record<string, string>) {
  const bin = mkdtempSync(join(folder, 'bin-'))
  for (const [name, body] of Object.entries(programs))
    writeFileSync(join(bin, name), `#!/bin/sh\n${body}\n`, { mode: 0o755 })
  const env = { PATH: `${bin}:${dirname(process.execPath)}`, NO_COLOR: '1' }
  return promisify(execFile)(process.execPath, [script, '--cluster', 'no-such-cluster'], { env }).then(
    ({ stdout }) => ({ code: 0, stdout }),
    (error: { code: number; stdout: string }) => error,
  )
}

const docker = (info: object, buildx = 'echo v0.30.0') =>
  `case "$1" in info) echo '${JSON.stringify(info)}';; buildx) ${buildx};; *) exit 1;; esac`
const engine = { ServerVersion: '29.0.1', NCPU: 8, MemTotal: 16 * 1024 ** 3, CgroupVersion: '2' }
const tools = {
  kind: 'echo kind v0.33.0 go1.26 linux/amd64',
  kubectl: 'echo Client Version: v1.36.4',
  helm: 'echo v4.3.1+g1',
  skaffold: 'echo v2.25.0',
  k6: 'echo k6 v1.8.1',
}

test('finds nothing to fail on a machine that has all', async () => {
  const { stdout } = await examine({ ...tools, docker: docker(engine) })
  for (const subject of [...Object.keys(tools), 'docker', 'memory', 'buildx', 'cgroups'])
    assert.match(stdout, new RegExp(`^ok +${subject} `, 'm'))
})

test('says the fix for a tool that is missing or too old', async () => {
  const { kind: _, ...rest } = tools
  const { code, stdout } = await examine({ ...rest, helm: 'echo v3.21.4', docker: docker(engine) })
  assert.equal(code, 1)
  assert.match(stdout, /^fail +kind +not found\n +fix: make tools$/m)
  assert.match(stdout, /^fail +helm +3\.21\.4, 4\.0\.0 or newer is needed\n +fix: make tools$/m)
})

test('tells a missing Docker from one that does not answer and one that may not be used', async () => {
  assert.match((await examine(tools)).stdout, /^fail +docker +not found\n +fix: Install Docker/m)
  const silent = await examine({ ...tools, docker: 'echo "Cannot connect to the Docker daemon" >&2; exit 1' })
  assert.match(silent.stdout, /^fail +docker +the engine does not answer\n +fix: Start Docker/m)
  const denied = await examine({ ...tools, docker: 'echo "permission denied while trying to connect" >&2; exit 1' })
  assert.match(denied.stdout, /^fail +docker +no permission\n +fix: sudo usermod -aG docker/m)
  assert.equal(denied.code, 1)
})

test('grades the memory that Docker may use', async () => {
  const little = await examine({ ...tools, docker: docker({ ...engine, MemTotal: 2 * 1024 ** 3 }) })
  assert.equal(little.code, 1)
  assert.match(little.stdout, /^fail +memory +2\.0 GiB for Docker\n +fix: /m)
  const tight = await examine({ ...tools, docker: docker({ ...engine, MemTotal: 5 * 1024 ** 3 }) })
  assert.match(tight.stdout, /^warn +memory +5\.0 GiB for Docker\n +fix: /m)
})

test('asks for the CPUs that the pods ask for', async () => {
  const { code, stdout } = await examine({ ...tools, docker: docker({ ...engine, NCPU: 1 }) })
  assert.equal(code, 1)
  assert.match(stdout, /^fail +CPUs +1 for Docker\n +fix: /m)
  assert.match(
    (await examine({ ...tools, docker: docker({ ...engine, NCPU: 2 }) })).stdout,
    /^ok +CPUs +2 for Docker$/m,
  )
})

/** A Docker that has the cluster's node, with some host ports and a file system as `exec` finds it. */
const dockerWithCluster = (hostPorts: (mapping: PortMapping) => number, exec: string) => {
  const bindings = portMappings.map((mapping) => [
    `${mapping.containerPort}/tcp`,
    [{ HostIp: mapping.listenAddress, HostPort: String(hostPorts(mapping)) }],
  ])
  return `case "$1 $3" in
    "inspect {{.State.Running}}") echo true; exit;;
    "inspect {{json .HostConfig.PortBindings}}") echo '${JSON.stringify(Object.fromEntries(bindings))}'; exit;;
  esac
  if [ "$1" = exec ]; then ${exec}; exit; fi
  ${docker(engine)}`
}
const asWanted = ({ hostPort }: PortMapping) => hostPort
const made = 'case "$*" in *storageclasses*) echo storageclass.storage.k8s.io/standard;; esac'

test('finds nothing wrong with a cluster that kind made to its end', async () => {
  const { stdout } = await examine({ ...tools, docker: dockerWithCluster(asWanted, made) })
  assert.match(stdout, /^ok +cluster +no-such-cluster runs$/m)
  // How full the disk is, is the machine's.
  assert.doesNotMatch(stdout, /^fail +(?!disk )/m)
})

test('says of a cluster that was interrupted on its way that it is half made, and what to do', async () => {
  for (const exec of ['false', 'true']) {
    const { code, stdout } = await examine({ ...tools, docker: dockerWithCluster(asWanted, exec) })
    assert.equal(code, 1)
    assert.match(stdout, /^fail +cluster +no-such-cluster is half made.*\n +fix: make down, then make up/m)
  }
  const starting = 'case "$*" in *storageclasses*) exit 1;; esac'
  const { stdout } = await examine({ ...tools, docker: dockerWithCluster(asWanted, starting) })
  assert.match(stdout, /^warn +cluster +the API server of no-such-cluster does not answer\n +fix: Wait a minute/m)
})

test('says that host ports of kind-config.yaml changed after the cluster was made', async () => {
  const before = (mapping: PortMapping) => (mapping.hostPort === 3001 ? 3301 : mapping.hostPort)
  const { code, stdout } = await examine({ ...tools, docker: dockerWithCluster(before, made) })
  assert.equal(code, 1)
  assert.match(
    stdout,
    /^fail +host ports +no-such-cluster was made without 3001 of kind-config\.yaml.*\n +fix: make down/m,
  )
})

test('says what builds images', async () => {
  const { code, stdout } = await examine({ ...tools, docker: docker(engine, 'exit 1') })
  assert.equal(code, 1)
  assert.match(stdout, /^fail +buildx +not found\n +fix: Install it/m)
})

test('warns about cgroups that Kubernetes has left', async () => {
  const { stdout } = await examine({ ...tools, docker: docker({ ...engine, CgroupVersion: '1' }) })
  assert.match(stdout, /^warn +cgroups +version 1\n +fix: /m)
})

test('names a taken port, and its holder where it can be told', async (t) => {
  const server = createServer().listen(0, '127.0.0.1')
  t.after(() => server.close())
  await new Promise((resolve) => server.once('listening', resolve))
  const { port } = server.address() as AddressInfo
  const mapping = { hostPort: port, containerPort: 30000, listenAddress: '127.0.0.1' }
  const [finding] = await checkPorts([mapping], 'no-such-cluster')
  assert.equal(finding!.level, 'fail')
  assert.equal(finding!.subject, `port ${port}`)
  assert.match(finding!.found, /^taken by /)
  assert.match(finding!.fix, /kind-config\.yaml/)
})

test('compares the inotify limits with what kind advises', async () => {
  const few = mkdtempSync(join(folder, 'inotify-'))
  writeFileSync(join(few, 'max_user_watches'), '8192\n')
  writeFileSync(join(few, 'max_user_instances'), `${needs.inotify.max_user_instances}\n`)
  const [watches, instances] = await checkInotify(few)
  assert.deepEqual([watches!.level, instances!.level], ['warn', 'ok'])
  assert.match(watches!.fix, /sysctl fs\.inotify\.max_user_watches=524288/)
  assert.deepEqual(await checkInotify(join(folder, 'not-linux')), [])
})
