import { readConfig } from '@hello/service-kit/config'
import { serve } from '@hello/service-kit/serve'
import { buildApp } from './app.ts'
import { Config } from './config.ts'

const config = readConfig(Config)
await serve(await buildApp(config), config)
