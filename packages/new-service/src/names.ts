/** Names that would be mistaken for something else: of databases, programs, folders, and a word of SQL in the plural. */
const taken = ['exporter', 'superuser', 'postgres', 'template0', 'template1', 'signals', 'browser', 'shop', 'reference']

/** Why a service cannot be called so, or undefined. */
export function objectionTo(name: string): string | undefined {
  if (!/^[a-z][a-z0-9]*(-[a-z][a-z0-9]*)*$/.test(name) || name.length > 30)
    return 'A name is one or more words in lower case with - between them, 30 characters at most: cart, gift-card.'
  return taken.includes(name) ? `${name} is the name of something else here. Take another one.` : undefined
}

const plural = (word: string) => {
  if (/[^aeiou]y$/.test(word)) return word.replace(/y$/, 'ies')
  return word + (/(s|x|z|ch|sh)$/.test(word) ? 'es' : 's')
}

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1)

/** How a name of words is written: in paths, as values, as types, in SQL, in sentences. */
function spellings(name: string): string[] {
  const words = name.split('-')
  const pascal = words.map(capital).join('')
  const spaced = words.join(' ')
  return [name, pascal.charAt(0).toLowerCase() + pascal.slice(1), pascal, words.join('_'), spaced, capital(spaced)]
}

const sample = spellings('sample-thing')
const anySample = new RegExp(`(${sample.join('|')})(s(?![a-z]))?`, 'g')

/** The text of the template with another name in it, one or many as there. */
export function rename(text: string, name: string): string {
  const own = spellings(name)
  return text.replaceAll(anySample, (_, found: string, many?: string) => {
    const spelling = own[sample.indexOf(found)]!
    return many ? plural(spelling) : spelling
  })
}
