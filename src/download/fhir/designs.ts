import type { CodeableConcept } from 'fhir/r5.js'
import type { StudyDesign } from '../../generated/prisma/enums.js'

type Known = readonly [code: string, display: string]

const interventional: Known = ['SEVCO:01001', 'Interventional research']
const observational: Known = ['SEVCO:01002', 'Observational research']
const randomized: Known = ['SEVCO:01003', 'randomized assignment']

interface Design {
  readonly words: string
  /** What FHIR's value set study-design (R5, preferred) says of it; it has one code for each trait and none for some designs. */
  readonly traits: readonly Known[]
}

const designs: Readonly<Record<StudyDesign, Design>> = {
  RCT_PARALLEL: { words: 'randomised trial, parallel arms', traits: [interventional, randomized, ['SEVCO:01011', 'Parallel cohort design']] },
  RCT_CROSSOVER: { words: 'randomised trial, crossover', traits: [interventional, randomized, ['SEVCO:01012', 'Crossover cohort design']] },
  RCT_CLUSTER: { words: 'randomised trial, clusters', traits: [interventional, randomized, ['SEVCO:01015', 'Cluster as unit of allocation']] },
  RCT_FACTORIAL: { words: 'randomised trial, factorial', traits: [interventional, randomized] },
  QUASI_EXPERIMENTAL: { words: 'quasi-experiment', traits: [interventional] },
  COHORT: { words: 'cohort study', traits: [observational] },
  CASE_CONTROL: { words: 'case-control study', traits: [observational, ['SEVCO:01013', 'Case control design']] },
  CROSS_SECTIONAL: { words: 'cross-sectional study', traits: [observational, ['SEVCO:01027', 'Cross sectional data collection']] },
  SINGLE_ARM: { words: 'single-arm trial', traits: [interventional, ['SEVCO:01016', 'Uncontrolled cohort design']] },
  CASE_SERIES: { words: 'case series', traits: [['SEVCO:01023', 'Non-comparative study design']] },
  MENDELIAN_RANDOMIZATION: { words: 'Mendelian randomisation', traits: [observational] },
  ANIMAL: { words: 'animal experiment', traits: [] },
  IN_VITRO: { words: 'experiment in vitro', traits: [] },
  REVIEW: { words: 'review', traits: [] },
}

/** A study's design in words, then each trait that has a code. */
export function designOf(design: StudyDesign): CodeableConcept[] {
  const { words, traits } = designs[design]
  return [{ text: words }, ...traits.map(([code, display]) => ({ coding: [{ system: 'http://hl7.org/fhir/study-design', code, display }] }))]
}
