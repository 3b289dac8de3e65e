import { createApp } from '@hello/service-kit/app'
import { port, readConfig, serviceSettings } from '@hello/service-kit/config'
import { serve } from '@hello/service-kit/serve'
import { Type } from 'typebox'

const config = readConfig(Type.Object({ ...serviceSettings, PORT: port(3000), MANAGEMENT_PORT: port(9464) }))
const app = await createApp({ name: 'greeter', logLevel: config.LOG_LEVEL })

app.get('/greetings/:name', { schema: { params: Type.Object({ name: Type.String() }) } }, async (request) => {
  request.log.info('greeting')
  return { greeting: `Hello, ${request.params.name}` }
})

await serve(app, config)
