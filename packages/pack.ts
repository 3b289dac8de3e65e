/**
 * `make packages`: what a service outside this repository may install, as tarballs in dist/packages. Node strips no types under
 * node_modules, so they hold JavaScript with declarations; here everybody runs the sources.
 */
import { execFileSync } from 'node:child_process'
import {
  copyFileSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'

interface Manifest {
  name: string
  version: string
  description: string
  dependencies: Record<string, string>
  devDependencies: Record<string, string>
}

const root = join(import.meta.dirname, '..')
const target = join(root, 'dist/packages')
mkdirSync(target, { recursive: true })
/** Of this run alone, so that two at a time do not disturb each other. */
const work = mkdtempSync(join(root, 'dist/packing-'))
process.on('exit', () => rmSync(work, { recursive: true }))
/** Each after those that it needs. */
const packages = ['telemetry', 'service-kit']

function writeJson(path: string, content: unknown) {
  writeFileSync(path, `${JSON.stringify(content, undefined, 2)}\n`)
}

function compile(source: string, staging: string) {
  const config = join(staging, 'tsconfig.json')
  writeJson(config, {
    extends: join(root, 'tsconfig.json'),
    compilerOptions: {
      noEmit: false,
      declaration: true,
      rewriteRelativeImportExtensions: true,
      rootDir: join(source, 'src'),
      outDir: join(staging, 'dist'),
      paths: Object.fromEntries(packages.map((name) => [`@hello/${name}/*`, [join(work, name, 'dist/*.d.ts')]])),
    },
    include: [join(source, 'src')],
  })
  execFileSync('tsc', ['--project', config], { stdio: 'inherit' })
}

/** Declarations leave out an import of which they name no type, and with it what that module adds to Fastify's types. */
function keepImports(folder: string) {
  for (const name of globSync('*.js', { cwd: folder })) {
    const code = readFileSync(join(folder, name), 'utf8')
    const imported = [...code.matchAll(/^(?:import|\}).*? from '((?!node:)[^']+)';$/gm)].map(([, module]) => module)
    const declaration = join(folder, name.replace(/js$/, 'd.ts'))
    const imports = imported.map((module) => `import '${module}';\n`).join('')
    writeFileSync(declaration, imports + readFileSync(declaration, 'utf8'))
  }
}

function manifestOf(source: string) {
  const manifest = JSON.parse(readFileSync(join(source, 'package.json'), 'utf8')) as Manifest
  const { name, version, description, dependencies, devDependencies } = manifest
  // The declarations name them.
  const types = Object.entries(devDependencies).filter(([dependency]) => dependency.startsWith('@types/'))
  return {
    name,
    version,
    description,
    license: 'MIT',
    type: 'module',
    engines: { node: '>=24' },
    files: ['dist'],
    exports: { './*': { types: './dist/*.d.ts', default: './dist/*.js' } },
    dependencies: { ...dependencies, ...Object.fromEntries(types) },
  }
}

const tarballs = packages.map((name) => {
  const source = join(root, 'packages', name)
  const staging = join(work, name)
  mkdirSync(staging)
  compile(source, staging)
  keepImports(join(staging, 'dist'))
  writeJson(join(staging, 'package.json'), manifestOf(source))
  copyFileSync(join(source, 'README.md'), join(staging, 'README.md'))
  copyFileSync(join(root, 'LICENSE'), join(staging, 'LICENSE'))
  return execFileSync('npm', ['pack', '--silent', '--pack-destination', work], { cwd: staging }).toString().trim()
})
for (const old of readdirSync(target)) if (!tarballs.includes(old)) rmSync(join(target, old), { recursive: true })
for (const tarball of tarballs) {
  renameSync(join(work, tarball), join(target, tarball))
  console.log(join('dist/packages', tarball))
}
