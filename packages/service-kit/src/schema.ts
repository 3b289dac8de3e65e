import { Ajv, type ValidateFunction } from 'ajv'
import ajvFormats from 'ajv-formats'
import type { FastifySchema } from 'fastify'
import fastifyPlugin from 'fastify-plugin'
import { jsonBodyPlugin } from './json-body.ts'

interface ObjectSchema {
  properties?: Record<string, { type?: string }>
}

/** How a number is written where HTTP carries text; `Number` would take `0x10`, `1e1` and blanks as well. */
const decimals: Record<string, RegExp> = { integer: /^\d+$/, number: /^\d+(\.\d+)?$/ }

/** Converts the numbers of a query, of parameters or of headers, and validates the result. */
function textual(schema: ObjectSchema, validate: ValidateFunction) {
  const numbers = Object.entries(schema.properties ?? {}).flatMap(([name, { type = '' }]) =>
    decimals[type] ? [[name, decimals[type]] as const] : [],
  )
  return (values: Record<string, unknown>) => {
    for (const [name, decimal] of numbers) {
      const value = values[name]
      if (typeof value === 'string' && decimal.test(value)) values[name] = Number(value)
    }
    return validate(values) || { error: validate.errors! }
  }
}

/**
 * Reads and validates bodies as they are ("2" is no number, an unknown field is an error), and takes numbers in queries,
 * parameters and headers as plain decimal digits.
 */
export const schemaPlugin = fastifyPlugin(
  async (app) => {
    await app.register(jsonBodyPlugin)
    const ajv = new Ajv({ useDefaults: true, allErrors: false, multipleOfPrecision: 6, verbose: true })
    ajvFormats.default(ajv)
    app.setValidatorCompiler<FastifySchema>(({ schema, httpPart }) => {
      const validate = ajv.compile(schema)
      return httpPart === 'body' ? validate : textual(schema as ObjectSchema, validate)
    })
  },
  { name: 'schema' },
)
