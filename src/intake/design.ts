import { study, type StudyEntry } from '../corpus/format.js'

/** How a study was done, and what kind of evidence it is. */
export type StudyKind = Pick<StudyEntry, 'design' | 'evidenceKind'>

export const designs = study.shape.design.options
export const evidenceKinds = study.shape.evidenceKind.options

/** A study's kind with what told it, for the report. */
export interface KindTold extends StudyKind {
  readonly by: string
}

const primary = (design: StudyKind['design']): StudyKind => ({ design, evidenceKind: 'PRIMARY' })
const review = (evidenceKind: StudyKind['evidenceKind']): StudyKind => ({ design: 'REVIEW', evidenceKind })

/** Publication types of PubMed and of reference managers, the most telling first. */
const byType: readonly (readonly [RegExp, StudyKind])[] = [
  [/^(network )?meta-?analys[ie]s$/, review('META_ANALYSIS')],
  [/^systematic review$/, review('SYSTEMATIC_REVIEW')],
  [/^(practice )?guideline$|^consensus development conference/, review('GUIDELINE')],
  [/^(cross-?over|randomi[sz]ed cross-?over)( (study|trial))?$/, primary('RCT_CROSSOVER')],
  [/^cluster randomi[sz]ed( controlled)? (trial|study)$/, primary('RCT_CLUSTER')],
  [/^(pragmatic clinical trial|equivalence trial|randomi[sz]ed (controlled|clinical) trial)$/, primary('RCT_PARALLEL')],
  [/^(controlled clinical trial|non-?randomi[sz]ed (controlled )?trial)$/, primary('QUASI_EXPERIMENTAL')],
  [/^case reports?$/, primary('CASE_SERIES')],
  [/^(prospective|retrospective)? ?cohort stud(y|ies)$/, primary('COHORT')],
  [/^case-?control stud(y|ies)$/, primary('CASE_CONTROL')],
  [/^cross-?sectional stud(y|ies)$/, primary('CROSS_SECTIONAL')],
  [/^(narrative )?review$/, review('NARRATIVE_REVIEW')],
  [/^(editorial|comment|letter|commentary)$/, review('COMMENTARY')],
]

/** Words of titles that name a design; reviews come first, since their titles name the designs that they look at. */
const byTitle: readonly (readonly [RegExp, StudyKind])[] = [
  [/\bmeta-?analys[ie]s\b/, review('META_ANALYSIS')],
  [/\bsystematic review\b/, review('SYSTEMATIC_REVIEW')],
  [/\b(mendelian|genetic) randomi[sz]ation\b/, primary('MENDELIAN_RANDOMIZATION')],
  [/\bcluster[- ]randomi[sz]ed\b/, primary('RCT_CLUSTER')],
  [/\bfactorial\b.*\b(trial|randomi[sz]ed)\b|\brandomi[sz]ed\b.*\bfactorial\b/, primary('RCT_FACTORIAL')],
  [/\bcross-?over\b/, primary('RCT_CROSSOVER')],
  [/\b(non-?randomi[sz]ed|quasi-?(randomi[sz]ed|experimental))\b/, primary('QUASI_EXPERIMENTAL')],
  [/\brandomi[sz]ed\b.*\b(trial|study)\b|\b(trial|study)\b.*\brandomi[sz]ed\b/, primary('RCT_PARALLEL')],
  [/\bcase-?control\b/, primary('CASE_CONTROL')],
  [/\bcross-?sectional\b/, primary('CROSS_SECTIONAL')],
  [/\bcohort\b/, primary('COHORT')],
  [/\bcase (report|series)\b/, primary('CASE_SERIES')],
]

/**
 * The kind of study that a publication's types tell, else its title. A crossover or a cluster trial of the title makes a randomised trial of the
 * types more precise.
 *
 * @returns null if neither tells
 */
export function kindTold({ types, title }: { readonly types: readonly string[]; readonly title: string }): KindTold | null {
  const plain = types.map((type) => type.trim().toLowerCase())
  const typed = byType.find(([pattern]) => plain.some((type) => pattern.test(type)))
  const titled = byTitle.find(([pattern]) => pattern.test(title.toLowerCase()))?.[1]
  if (typed === undefined) return titled === undefined ? null : { ...titled, by: 'its title' }
  const isFiner = typed[1].design === 'RCT_PARALLEL' && titled?.design.startsWith('RCT_') === true && titled.design !== 'RCT_PARALLEL'
  if (isFiner) return { ...titled, by: 'its types and title' }
  return { ...typed[1], by: `its type ${types[plain.findIndex((type) => typed[0].test(type))] ?? ''}` }
}
