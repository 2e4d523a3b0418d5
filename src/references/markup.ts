import { decodeHTMLStrict } from 'entities'

/** Elements that publishers and databases leave in titles. Other words in angle brackets are text. */
const inline =
  'i|b|u|s|em|strong|sub|sup|sc|scp|small|span|font|strike|del|tt|italic|bold|underline|inf|su|inline-formula|alternatives|tex-math|a|xref|ext-link|math|mml:[\\w-]+|m:[\\w-]+'
const block = 'p|br|div|title|label|h[1-6]|section|sec|li|ul|ol'
const attributes = '(?:\\s[^<>]*)?\\/?'
const inlineMarkup = new RegExp(`<\\/?(?:jats:)?(?:${inline})${attributes}>`, 'gi')
const blockMarkup = new RegExp(`<\\/?(?:jats:)?(?:${block})${attributes}>`, 'gi')
const formula = /<(?:jats:)?tex-math(?:\s[^<>]*)?>(.*?)<\/(?:jats:)?tex-math>/gis

/** Sources escape entities again each time that they pass them on. */
const mostEscapes = 5

/**
 * The text of a title or name, without mark-up and entities, in Unicode's composed form. A sign such as "<" that begins no known element stays.
 *
 * @example plainText('Mg<sup>2+</sup> &amp;amp; p &lt; 0.05') // 'Mg2+ & p < 0.05'
 */
export function plainText(text: string): string {
  const decoded = /&[#\w]+;/.test(text) ? decodedEntities(text) : text
  return composed(
    decoded
      .replace(formula, (_, tex: string) => texText(tex))
      .replace(inlineMarkup, '')
      .replace(blockMarkup, ' '),
  )
}

function decodedEntities(text: string): string {
  let decoded = text
  for (let turn = 0; turn < mostEscapes; turn++) {
    const again = decodeHTMLStrict(decoded)
    if (again === decoded) break
    decoded = again
  }
  return decoded.replaceAll('\0', '\uFFFD')
}

/** "$Mg^{2+}$" as "Mg2+". */
const texText = (tex: string) =>
  tex
    .replace(/\\(?:usepackage|documentclass|setlength|begin|end)(?:\[[^\]]*\])?(?:\{[^{}]*\})+/g, '')
    .replace(/\\[a-z]+\s*/gi, '')
    .replace(/[$^_{}]/g, '')

/** A dotless letter under an accent is the letter with its dot: LaTeX writes "\'\i". */
const composed = (text: string) =>
  text
    .replace(/ı(?=\p{M})/gu, 'i')
    .replace(/ȷ(?=\p{M})/gu, 'j')
    .normalize('NFC')
