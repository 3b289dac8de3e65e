import { type CSSProperties, memo } from 'react'

const WIDTH = 320
const HEIGHT = 150
const RIDGES = 11
const POINTS = 64

/** A product's picture: a ridgeline plot of signals, always the same for the same id. Decorative. */
export const ProductArt = memo(function ProductArt({ id }: { id: string }) {
  const random = randomFrom(id)
  const hue = Math.round(random() * 360)
  const centre = 0.35 + random() * 0.3
  return (
    <svg
      className="product-art"
      style={{ '--hue': hue } as CSSProperties}
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      preserveAspectRatio="xMidYMid slice"
      aria-hidden="true"
    >
      {Array.from({ length: RIDGES }, (_, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the ridges never change
        <path key={row} d={ridge(row, centre, random)} />
      ))}
    </svg>
  )
})

/** One line from edge to edge whose swing is largest around `centre` (0 to 1 across the picture). */
function ridge(row: number, centre: number, random: () => number): string {
  const base = 46 + row * ((HEIGHT - 54) / (RIDGES - 1))
  const waves = Array.from({ length: 5 }, (_, n) => ({
    frequency: (n + 1) * (1.5 + random() * 2),
    phase: random() * 2 * Math.PI,
    height: 1 / (n + 1.5),
  }))
  const drift = centre + (random() - 0.5) * 0.16
  let path = ''
  for (let point = 0; point <= POINTS; point++) {
    const x = point / POINTS
    const envelope = Math.exp(-(((x - drift) / 0.17) ** 2))
    const swing = waves.reduce(
      (sum, wave) => sum + wave.height * Math.abs(Math.sin(wave.frequency * x * 6 + wave.phase)),
      0,
    )
    const y = base - swing * (22 * envelope + 0.9)
    path += `${point === 0 ? 'M' : 'L'}${(x * WIDTH).toFixed(1)} ${y.toFixed(1)}`
  }
  return path
}

/** The mulberry32 generator, seeded with the FNV-1a hash of the text; numbers from 0 to 1. */
function randomFrom(text: string): () => number {
  let state = 0x811c9dc5
  for (const character of text) state = Math.imul(state ^ character.codePointAt(0)!, 0x01000193)
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
