/** Pages that answer a question themselves, with words by which people ask for them. */
const pages = [
  {
    title: 'Forms of magnesium compared',
    place: '/forms',
    words: /\b(forms?|types?|kinds?|salts?|which magnesium|best magnesium|absor(bed|ption)|bioavailability)\b/,
  },
  {
    title: 'Safety: kidney function, interactions, harms',
    place: '/safety',
    words:
      /\b(safe|safety|side effects?|adverse|harms?|harmful|danger(s|ous)?|toxic(ity)?|overdose|too much|interact(s|ions?)?|contraindicat(ed|ions?)|kidneys?|antibiotics?|with my|medications?|medicines?|pregnan(t|cy))\b/,
  },
  { title: 'Convert a dose', place: '/dose', words: /\b(dos(e|es|age|ing)|how much|convert|elemental|milligrams?|mg|millimoles?|mmol)\b/ },
  { title: 'Claims checked against their sources', place: '/claims', words: /\b(claims?|myths?|true|facts?|check|article)\b/ },
  { title: 'All conditions', place: '/conditions', words: /\b(conditions?|diseases?|illness(es)?|what (is|does) magnesium|good for|used for)\b/ },
  { title: 'What is new', place: '/new', words: /\b(new|news|latest|changes?|updates?|recent)\b/ },
  { title: 'Compare two pools', place: '/compare', words: /\b(compare|comparison)\b/ },
  { title: 'All effects', place: '/evidence', words: /\b(effects?|evidence|results?)\b/ },
  { title: 'All studies', place: '/studies', words: /\b(stud(y|ies)|trials?|reviews?|papers?)\b/ },
  { title: 'The map of the evidence', place: '/map', words: /\b(map|gaps?|overview)\b/ },
] as const

/** At most two pages that a question asks for, in the order of the list. */
export const pagesFor = (text: string) => pages.filter(({ words }) => words.test(text.toLowerCase())).slice(0, 2)
