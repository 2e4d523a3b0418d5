/** Bands of elemental magnesium, mg a day: from the limit, included, up to the next. Steps of half the 300 mg that many trials give. */
export const doseBands = [
  { value: 'UNDER_150', from: 0, name: 'under 150 mg a day' },
  { value: 'FROM_150', from: 150, name: '150 to under 300 mg a day' },
  { value: 'FROM_300', from: 300, name: '300 to under 450 mg a day' },
  { value: 'FROM_450', from: 450, name: '450 mg a day and more' },
] as const
