import { Type } from 'typebox'

/** Control characters, blanks and what has no width or no ink, such as joiners, fillers, variation selectors and tags. */
const invisible =
  '\\u0000-\\u0020\\u007f-\\u00a0\\u00ad\\u034f\\u061c\\u115f\\u1160\\u1680\\u17b4\\u17b5\\u180b-\\u180f\\u2000-\\u200f' +
  '\\u2028-\\u202f\\u205f-\\u206f\\u2800\\u3000\\u3164\\ufe00-\\ufe0f\\ufeff\\uffa0\\ufff0-\\ufffb' +
  // Beyond U+FFFF as they are: no escape for them means the same to every reader of a JSON schema.
  '\u{1bca0}-\u{1bca3}\u{1d173}-\u{1d17a}\u{e0000}-\u{e0fff}'

/** The name of a product, before it is trimmed. Matching takes linear time: no two repetitions can share a blank. */
export const ProductName = Type.String({
  pattern: `^(?=[^\\u0000]*[^${invisible}])\\s*[^\\s\\u0000](?:[^\\u0000]{0,198}[^\\s\\u0000])?\\s*$`,
  description: '1-200 characters after trimming, at least one of them visible, none of them NUL',
})
