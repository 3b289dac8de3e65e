import { Ajv } from 'ajv'
import ajvFormats from 'ajv-formats'
import type { FastifySchema } from 'fastify'
import fastifyPlugin from 'fastify-plugin'

/**
 * Validates bodies as they are ("2" is no number, an unknown field is an error) and coerces only what HTTP can carry as
 * nothing but text: query, parameters, headers.
 */
export const schemaPlugin = fastifyPlugin(
  async (app) => {
    const options = { useDefaults: true, allErrors: false, multipleOfPrecision: 6 }
    const strict = new Ajv(options)
    const textual = new Ajv({ ...options, coerceTypes: true })
    for (const ajv of [strict, textual]) ajvFormats.default(ajv)
    app.setValidatorCompiler<FastifySchema>(({ schema, httpPart }) =>
      (httpPart === 'body' ? strict : textual).compile(schema),
    )
  },
  { name: 'schema' },
)
