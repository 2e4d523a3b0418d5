/** A chemical formula with its numbers as subscripts; those before a formula ("4 H2O") stay as they are. */
export function Formula({ formula }: { readonly formula: string | null }) {
  if (formula === null) return '–'
  return formula.split(/(?<=[A-Za-z)\]])(\d+)/).map((part, place) => (place % 2 === 1 ? <sub key={place}>{part}</sub> : part))
}
