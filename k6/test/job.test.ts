import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after, test } from 'node:test'
import { assertValid } from '../../charts/test/kubeconform.ts'
import { needs } from '../../charts/test/programs.ts'
import { jobManifests } from '../job.ts'
import { type ProfileName, profiles } from '../lib/profiles.ts'

const manifests = (profile: ProfileName) =>
  jobManifests({ profile, env: { TIME_SCALE: '0.1' }, prometheus: 'http://prometheus.monitoring:9090' })

test('the Job and its scripts are valid for Kubernetes', needs('kubeconform'), async () => {
  for (const manifest of Object.values(manifests('spike'))) await assertValid(JSON.stringify(manifest))
})

test('the image is pinned, and is the k6 of make tools', () => {
  const { image } = manifests('spike').job.spec.template.spec.containers[0]!
  assert.match(image, /^grafana\/k6:\d+\.\d+\.\d+$/)
})

test('the scripts are told which host they may load, how long, and where their measurements go', () => {
  const { env } = manifests('spike').job.spec.template.spec.containers[0]!
  assert.deepEqual(Object.fromEntries(env.map(({ name, value }) => [name, value])), {
    GATEWAY_URL: 'http://gateway:8080',
    ALLOW_HOST: 'gateway',
    TIME_SCALE: '0.1',
    K6_PROMETHEUS_RW_SERVER_URL: 'http://prometheus.monitoring:9090/api/v1/write',
    K6_PROMETHEUS_RW_STALE_MARKERS: 'true',
  })
})

const folder = mkdtempSync(join(tmpdir(), 'load-test-job-'))
after(() => rmSync(folder, { recursive: true }))
const skip = spawnSync('k6', ['version']).error ? 'not on this machine: k6 (make tools)' : false

for (const profile of Object.keys(profiles) as ProfileName[]) {
  test(`k6 finds in the pod all that ${profile} needs`, { skip }, () => {
    const { configMap, job } = manifests(profile)
    const { containers, volumes } = job.spec.template.spec
    for (const { key, path } of volumes[0]!.configMap.items) {
      const file = join(folder, profile, path)
      mkdirSync(dirname(file), { recursive: true })
      writeFileSync(file, configMap.data[key]!)
    }
    const script = containers[0]!.args.at(-1)!
    const { status, stdout, stderr } = spawnSync('k6', ['inspect', script], {
      cwd: join(folder, profile),
      encoding: 'utf8',
    })
    assert.equal(status, 0, stderr)
    assert.ok(JSON.parse(stdout).scenarios[profile])
  })
}
