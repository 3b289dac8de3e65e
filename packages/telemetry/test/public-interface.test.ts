import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { findPackageJSON } from 'node:module'
import { dirname, join } from 'node:path'
import { describe, test } from 'node:test'

const sources = join(import.meta.dirname, '../src')
const { dependencies } = JSON.parse(readFileSync(join(sources, '../package.json'), 'utf8'))
const libraries = Object.keys(dependencies).filter((name) => name.startsWith('@opentelemetry/instrumentation'))

/** The members that a library's declarations call private or protected, but for `init`, which is there to be overridden. */
function ownMembers(library: string): string[] {
  const folder = dirname(findPackageJSON(library, import.meta.url)!)
  const declarations = globSync('{build,dist}/**/*.d.{ts,mts}', { cwd: folder })
  const text = declarations.map((file) => readFileSync(join(folder, file), 'utf8')).join('\n')
  const members = text.matchAll(/^\s*(?:private|protected)(?: readonly| get| abstract)*\s+(_\w+)/gm)
  return [...new Set(Array.from(members, ([, name]) => name!))]
}

describe('a library is used by its public interface', () => {
  for (const library of libraries) {
    test(library, () => {
      const members = ownMembers(library)
      const named = globSync('*.ts', { cwd: sources }).flatMap((file) => {
        const code = readFileSync(join(sources, file), 'utf8')
        return members
          .filter((member) => new RegExp(`\\b${member}\\b`).test(code))
          .map((member) => `${file}: ${member}`)
      })
      assert.deepEqual(named, [])
    })
  }

  test('whose other members are known from its declarations', () => {
    for (const member of ['_hookPreHandler', '_patchSend', '_wrapAddHook']) {
      assert.ok(ownMembers('@opentelemetry/instrumentation-fastify').includes(member), member)
    }
    assert.ok(ownMembers('@opentelemetry/instrumentation').includes('_wrap'))
  })
})
