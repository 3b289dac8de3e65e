import { join, resolve } from 'node:path'
import { parseArgs, styleText } from 'node:util'
import { KubectlFailed } from '@hello/cluster/kubectl-flags'
import { checkout } from '@hello/local/processes/checkout'
import { allLabs, incidentLabs } from './all-labs.ts'
import { NoAnswer } from './ask.ts'
import { type Conversation, converse } from './conversation.ts'
import { fullMarks, pointsFor } from './grade.ts'
import { type IncidentLab, killsProcess, type Lab, needsStack } from './lab.ts'
import { startLab, UnfitShop } from './lab-run.ts'
import { startLabServer } from './lab-server.ts'
import { folderOf, type Language, labText } from './lab-text.ts'
import { clusterPlace, localPlace, type Place } from './place.ts'
import { type LabProgress, nextLab, readProgress, writeProgress } from './progress.ts'
import { RefusedQuery } from './prometheus.ts'
import { pickLab } from './random-lab.ts'
import { openSession } from './session.ts'
import { untilSilent } from './silence.ts'
import { unnamed } from './told.ts'
import { askForWork, MissingProgram } from './written-run.ts'

const help = `Breaks the shop of make local, or of make up, in a way that you find out, with its own traces, logs and metrics; or asks for
something to be written, and runs it.

Usage: make lab N=1   or   node labs/src/main.ts [N] [options]

  without N     the labs, and how far you are
  N             break the shop as lab N does, ask, grade, mend; or lay out what lab N asks you to write, and grade it
  --random      a lab that is not named; SEED says which
  --seed TEXT   the same seed is the same lab
  --well N      leave the shop well for N seconds first, to look at it (default 30)
  --data DIR    the shop that keeps its data in DIR (default .local in the checkout)
  --context C   the shop in the cluster of make up, by this context of kubectl
  --language L  en or ko (default: as LANG says)
  --help        show this

Ctrl-C ends the lab and mends the shop.
Exit codes: 0 solved, or listed, 1 not solved, 2 unusable options, 3 no shop that is fit for a lab, a program
is missing, or the cluster does not answer.`

class Unusable extends Error {}

function readOptions() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      random: { type: 'boolean', default: false },
      seed: { type: 'string' },
      well: { type: 'string', default: '30' },
      data: { type: 'string', default: join(checkout, '.local') },
      context: { type: 'string' },
      language: { type: 'string', default: (process.env.LC_ALL ?? process.env.LANG ?? '').slice(0, 2) },
      help: { type: 'boolean', default: false },
    },
  })
  const [number, ...others] = positionals
  if (others.length > 0 || (number && values.random)) throw new Unusable('One lab at a time')
  if (values.seed && !values.random) throw new Unusable('--seed goes with --random')
  const lab = allLabs.find((one) => String(one.number) === number)
  if (number && !lab) throw new Unusable(`There is no lab ${number}; the last one is ${allLabs.at(-1)!.number}`)
  const well = Number(values.well)
  if (!(well >= 0 && well <= 3600)) throw new Unusable('--well takes seconds, 0 to 3600')
  const language: Language = values.language === 'ko' ? 'ko' : 'en'
  return { lab, ...values, well, language, dataDir: resolve(values.data) }
}

const paint = (style: Parameters<typeof styleText>[0], text: string) =>
  styleText(style, text, { stream: process.stdout })

const words = {
  level: { en: 'Level', ko: '레벨' },
  well: {
    en: (seconds: number) => `The shop is well for ${seconds} more seconds: have a look at`,
    ko: (seconds: number) => `상점은 앞으로 ${seconds}초 동안 정상입니다. 미리 둘러보십시오:`,
  },
  mending: { en: 'Mending the shop, until an order works …', ko: '주문이 될 때까지 상점을 복구합니다 …' },
  right: { en: 'Right.', ko: '맞습니다.' },
  loud: {
    en: (alerts: string) => `Waiting until no alert of it fires (${alerts}); Ctrl-C leaves it to end by itself …`,
    ko: (alerts: string) => `관련 알림(${alerts})이 멎을 때까지 기다립니다. Ctrl-C를 누르면 기다리지 않고 끝냅니다 …`,
  },
  silent: { en: 'No alert of it fires.', ko: '관련 알림이 울리지 않습니다.' },
  unheard: {
    en: 'Prometheus does not answer, so whether an alert of it fires is not known.',
    ko: 'Prometheus가 응답하지 않아 관련 알림이 울리는지 알 수 없습니다.',
  },
  expert: { en: 'What an expert looks at', ko: '전문가는 무엇을 봅니까' },
  points: { en: 'points', ko: '점' },
} as const

function printList(language: Language, progressFile: string) {
  const progress = readProgress(progressFile)
  let level = 0
  for (const lab of allLabs) {
    if (lab.level !== level) console.log(paint('bold', `${words.level[language]} ${lab.level}`))
    level = lab.level
    const made = progress[lab.name]
    const points = made?.points === undefined ? (made ? '…' : '') : `${made.points}/${fullMarks}`
    const needs = needsStack(lab) ? paint('gray', '  STACK=1') : ''
    console.log(
      `${String(lab.number).padStart(2)}  ${paint('green', points.padStart(7))}  ${labText(lab, language).title}${needs}`,
    )
  }
  const next = nextLab(allLabs, progress)
  if (next) console.log(`\nmake lab N=${next.number}`)
}

type Options = ReturnType<typeof readOptions>

async function breakAndAsk(
  { shop, look, labPort }: Place,
  { random, well, dataDir }: Options,
  conversation: Conversation<IncidentLab>,
): Promise<boolean> {
  const { lab, language, stopping } = conversation
  const wellFor = well * 1000
  const progress = readProgress(join(dataDir, 'labs.json'))
  const others = allLabs.filter(({ name }) => name !== lab.name)
  const session = openSession(conversation, { hidden: random, wellFor, next: nextLab(others, progress) })
  const server = labPort === undefined ? undefined : await startLabServer(session, labPort)
  try {
    const run = await startLab(lab, shop, {
      wellFor,
      signal: stopping.signal,
      onWell() {
        session.stayWell()
        console.log(`${words.well[language](well)} ${look}`)
      },
    })
    session.begin(run)
    try {
      return await converse(session, { ...conversation, look, onPage: server !== undefined })
    } finally {
      console.log(words.mending[language])
      await run.end()
    }
  } finally {
    await server?.close()
  }
}

/** Tells that the alerts of a lab that is over are silent, where there is a Prometheus to ask. */
async function tellOfSilence(lab: IncidentLab, { shop, isGone }: Place, language: Language) {
  const { prometheus } = shop.signals
  if (!prometheus || isGone()) return
  const leaving = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => leaving.abort())
  const onLoud = (alerts: string[]) => console.log(`\n${words.loud[language](alerts.join(', '))}`)
  try {
    await untilSilent(lab, prometheus, { onLoud, signal: leaving.signal })
    console.log(`\n${words.silent[language]}`)
  } catch (error) {
    if (error instanceof RefusedQuery) throw error
    if (!leaving.signal.aborted && !isGone()) console.log(`\n${words.unheard[language]}`)
  }
}

async function tryLab(lab: Lab, options: Options): Promise<boolean> {
  const { language, random, dataDir, context } = options
  const progressFile = join(dataDir, 'labs.json')
  const made: LabProgress = readProgress(progressFile)[lab.name] ?? { hints: 0, wrong: 0 }
  const save = () => writeProgress(progressFile, lab.name, made)
  const stopping = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stopping.abort())

  const { title, solution } = labText(lab, language)
  console.log(paint('bold', random ? unnamed.title[language] : `${lab.number}. ${title}`))
  const conversation = { language, made, save, stopping }
  function end(solved: boolean): boolean {
    if (solved) {
      made.points = Math.max(made.points ?? 0, pointsFor(made))
      console.log(`${paint('green', words.right[language])} ${made.points}/${fullMarks} ${words.points[language]}`)
    }
    save()
    console.log(`\n${paint('bold', `${words.expert[language]}: ${title}`)} (labs/${folderOf(lab)})\n\n${solution}`)
    return solved
  }
  if (!('incident' in lab)) return end(await askForWork(dataDir, { ...conversation, lab }))
  const place = context === undefined ? await localPlace(dataDir) : clusterPlace(context)
  const solved = end(await breakAndAsk(place, options, { ...conversation, lab }))
  await tellOfSilence(lab, place, language)
  return solved
}

try {
  const options = readOptions()
  // A seed is the same lab on every machine, whatever runs on it; a cluster has fewer to choose from.
  const everywhere = incidentLabs.filter((one) => !needsStack(one) && !(options.context && killsProcess(one)))
  const lab = options.random ? pickLab(everywhere, options.seed ?? String(Date.now())) : options.lab
  if (options.help) console.log(help)
  else if (lab) process.exitCode = (await tryLab(lab, options)) ? 0 : 1
  else printList(options.language, join(options.dataDir, 'labs.json'))
} catch (error) {
  const { code, message, name } = error as NodeJS.ErrnoException
  if (name === 'AbortError') process.exitCode = 1
  else if ([UnfitShop, MissingProgram, KubectlFailed, NoAnswer].some((one) => error instanceof one)) {
    console.error(message)
    process.exitCode = 3
  } else if (error instanceof Unusable || code?.startsWith('ERR_PARSE_ARGS')) {
    console.error(`${message}\n\n${help}`)
    process.exitCode = 2
  } else throw error
}
