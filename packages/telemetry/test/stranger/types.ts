import { createApp } from '@hello/service-kit/app'
import { shutdownTelemetry } from '@hello/telemetry/shutdown'

/** What is wrong must be found, which it is not where a type has been lost. */
const app = await createApp({ name: 'types', logLevel: 'info' })
// @ts-expect-error a name is text
await createApp({ name: 1, logLevel: 'info' })
// @ts-expect-error a title is text
await createApp({ name: 'types', logLevel: 'info', openApi: { title: 1, description: '' } })

await app.metrics.client.register.metrics()
// @ts-expect-error the registry has no such method
app.metrics.client.register.nothing()

app.readiness.drain()
// @ts-expect-error it takes nothing
app.readiness.drain(1)

// @ts-expect-error it takes nothing
await shutdownTelemetry(1)
