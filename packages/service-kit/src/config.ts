import envSchema from 'env-schema'
import { type Static, type TObject, Type } from 'typebox'
import { loopbackHosts } from './host.ts'

/** The settings that every service has; a service spreads them into its own schema. */
export const serviceSettings = {
  HOST: Type.String({ default: '127.0.0.1', description: 'address to listen on' }),
  ALLOWED_HOSTS: Type.String({
    default: loopbackHosts,
    minLength: 1,
    description: 'names in Host, separated by commas, that are answered; * for any',
  }),
  LOG_LEVEL: Type.Enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'], { default: 'info' }),
  SHUTDOWN_DELAY_MS: Type.Integer({
    default: 250,
    minimum: 0,
    description:
      'time without a new connection, after "not ready", that closes the listener; four times as long closes it anyway',
  }),
}

/** The settings of a service that strangers reach. */
export const edgeSettings = {
  TRUSTED_PROXIES: Type.String({
    default: '',
    description:
      'addresses or subnets, separated by commas, whose X-Forwarded-For names the client; without them the peer is the client',
  }),
}

/** The settings of a service with a database. */
export const databaseSettings = {
  DATABASE_URL: Type.String({ minLength: 1, pattern: '^postgres(ql)?://' }),
  DATABASE_POOL_SIZE: Type.Integer({ default: 10, minimum: 1, maximum: 1000 }),
}

/** The setting of a service that has rows for a demo. */
export const demoSettings = {
  SEED_DEMO: Type.Boolean({ default: false, description: "fill a database without rows with the demo's at the start" }),
}

/** A port to listen on; 0 lets the operating system choose. */
export function port(defaultPort: number) {
  return Type.Integer({ default: defaultPort, minimum: 0, maximum: 65535 })
}

/** Addresses of an upstream: one base URL, or several separated by commas to spread requests over. */
export function upstreamUrl(defaultUrl: string) {
  return Type.String({ default: defaultUrl, pattern: '^https?://[^,]+(,https?://[^,]+)*$' })
}

/**
 * Reads the settings that `schema` names from the environment, once, at boot.
 *
 * @throws Error naming the variable that is missing or wrong; never its value, which may be a secret.
 */
export function readConfig<S extends TObject>(schema: S, env: NodeJS.ProcessEnv = process.env): Static<S> {
  try {
    return envSchema<Static<S>>({ schema, data: { ...env }, dotenv: false })
  } catch (error) {
    throw new Error(
      `Configuration: ${(error as Error).message.replaceAll('env/', '')}. Set it in the environment and start again.`,
    )
  }
}
