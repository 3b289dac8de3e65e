import { spawn } from 'node:child_process'
import { globSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { startShop } from '@hello/local/shop/start-shop'
import { services } from '@hello/shop/services'

const help = `Starts a whole shop on free ports with fresh data, runs tests against it, stops it.

Usage: node e2e/run-on-local-shop.ts [TEST-FILE ...]

  TEST-FILE  files or patterns; default e2e/*.test.ts e2e/{shop,telemetry,hostile}/*.test.ts
  --help     show this

To test a shop that runs already, run the files with node --test and the addresses in the environment:
GATEWAY_URL FRONTEND_URL FRONTEND_ORIGIN PRODUCT_URL INVENTORY_URL ORDER_URL SIGNALS_URL MANAGEMENT_URLS
PRODUCT_DATABASE_URL INVENTORY_DATABASE_URL ORDER_DATABASE_URL.`

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { help: { type: 'boolean', default: false } },
})
if (values.help) {
  console.log(help)
  process.exit(0)
}
const patterns = positionals.length > 0 ? positionals : ['e2e/*.test.ts', 'e2e/{shop,telemetry,hostile}/*.test.ts']
const files = globSync(patterns)
if (files.length === 0) {
  console.error(`No test file matches ${patterns.join(' ')}`)
  process.exit(2)
}

let interrupted = false
let interrupt = () => {}
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    interrupted = true
    interrupt()
  })
}

const remarkable: string[] = []
const shop = await startShop({
  signals: true,
  durable: false,
  onLine: (name, line) => {
    if (line.startsWith('{"level":"info"')) return
    remarkable.push(`${name} ${line}`)
    if (remarkable.length > 100) remarkable.shift()
  },
  onEvent: (text) => remarkable.push(text),
})
try {
  await shop.ready()
  const { urls } = shop
  const databases = services.filter(({ database }) => database)
  const tests = spawn(process.execPath, ['--test', '--test-concurrency=1', ...files], {
    stdio: 'inherit',
    env: {
      ...process.env,
      ...Object.fromEntries(services.map(({ name }) => [`${name.toUpperCase()}_URL`, urls[name]])),
      ...Object.fromEntries(
        databases.map(({ name }) => [`${name.toUpperCase()}_DATABASE_URL`, shop.databaseUrl(name)]),
      ),
      FRONTEND_ORIGIN: urls.frontend,
      SIGNALS_URL: urls.signals,
      MANAGEMENT_URLS: shop.managementUrls.map(({ name, url }) => `${name}=${url}`).join(','),
    },
  })
  interrupt = () => tests.kill('SIGTERM')
  if (interrupted) interrupt()
  process.exitCode = await new Promise<number>((resolve) => tests.on('exit', (code) => resolve(code ?? 1)))
  if (process.exitCode !== 0) console.error(`The shop's last lines above info:\n${remarkable.join('\n')}`)
} finally {
  await shop.stop()
}
