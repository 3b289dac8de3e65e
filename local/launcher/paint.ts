import { styleText } from 'node:util'

export type Style = Parameters<typeof styleText>[0]

/** Asked once: the answer costs as much as reading a line. */
const colored = styleText('red', 'x', { stream: process.stdout }) !== 'x'

/** Styles a text where stdout takes colours. */
export const paint = (style: Style, text: string) =>
  colored ? styleText(style, text, { validateStream: false }) : text
