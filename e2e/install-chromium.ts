import { spawnSync } from 'node:child_process'
import { findChromium } from './chromium.ts'

/** Runs a program in silence, and tells whether it ended well. */
const succeeds = (program: string, args: string[], environment = {}): boolean =>
  spawnSync(program, args, { stdio: 'ignore', env: { ...process.env, ...environment } }).status === 0

/** Chromium as a package, where the machine is Debian and this process may install one. */
function installPackage() {
  const [program, ...first]: [string, ...string[]] = process.getuid?.() === 0 ? ['apt-get'] : ['sudo', '-n', 'apt-get']
  if (!succeeds(program, [...first, 'update', '-q'])) return
  succeeds(program, [...first, 'install', '-yq', '--no-install-recommends', 'chromium'], {
    DEBIAN_FRONTEND: 'noninteractive',
  })
}

const ways: [name: string, install: () => void][] = [
  ['Playwright’s download', () => void succeeds('playwright-core', ['install', 'chromium'])],
  ['Debian’s package', installPackage],
]

try {
  for (const [name, install] of ways) {
    if (findChromium()) break
    console.log(`The tests of the page need a Chromium, and there is none: trying ${name} ...`)
    install()
  }
  if (!findChromium())
    throw new Error('No Chromium: install one (Debian: apt-get install chromium), or name one in CHROMIUM_PATH.')
} catch (error) {
  console.error((error as Error).message)
  process.exitCode = 1
}
