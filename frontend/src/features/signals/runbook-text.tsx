import Markdown from 'markdown-to-jsx/react'
import type { ReactNode } from 'react'

type Others = { isRunbook: (name: string) => boolean; open: (name: string) => void }

/** Opens another runbook in the place of this one, or another site; of what is neither, only the words are shown. */
function Anchor({ href = '', isRunbook, open, children }: Others & { href?: string; children?: ReactNode }) {
  const other = /^(\w+)\.md$/.exec(href)?.[1]
  if (other && isRunbook(other))
    return (
      <button type="button" className="link-button" onClick={() => open(other)}>
        {children}
      </button>
    )
  return /^https?:/.test(href) ? <a href={href}>{children}</a> : children
}

/** `text` is Markdown, whose HTML is shown as text. */
type Props = Others & { text: string }

/** A runbook below the heading of its alert, with its own as headings of the next level. */
export default function RunbookText({ text, isRunbook, open }: Props) {
  return (
    <div className="runbook">
      <Markdown
        options={{
          disableParsingRawHTML: true,
          overrides: {
            a: { component: Anchor, props: { isRunbook, open } },
            h1: ({ children }) => <p className="runbook-title">{children}</p>,
            h2: ({ children }) => <h4>{children}</h4>,
          },
        }}
      >
        {text}
      </Markdown>
    </div>
  )
}
