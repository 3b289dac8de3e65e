import { createHmac } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { appendFile, readFile } from 'node:fs/promises'
import { createApp } from '@hello/service-kit/app'
import { port, readConfig, serviceSettings } from '@hello/service-kit/config'
import { serve } from '@hello/service-kit/serve'
import { Type } from 'typebox'

const settings = { ...serviceSettings, PORT: port(8080), MANAGEMENT_PORT: port(9464), COMPANY: Type.String() }
const config = readConfig(Type.Object(settings))
const app = await createApp({ name: 'invoices', logLevel: config.LOG_LEVEL, allowedHosts: config.ALLOWED_HOSTS })

const ledger = '/var/lib/invoices/ledger'
const { currency } = JSON.parse(readFileSync('/etc/invoices/invoices.json', 'utf8'))
const key = readFileSync('/run/seal/key')

app.get('/invoices', async () => (await readFile(ledger, 'utf8').catch(() => '')).split('\n').filter(Boolean))

app.put('/invoices/:id', { schema: { params: Type.Object({ id: Type.String() }) } }, async (request) => {
  const { id } = request.params
  await appendFile(ledger, `${id}\n`)
  return { id, currency, company: config.COMPANY, seal: createHmac('sha256', key).update(id).digest('hex') }
})

await serve(app, config)
