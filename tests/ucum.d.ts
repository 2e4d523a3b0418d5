/** The part that is used here; the package ships no types. */
declare module '@lhncbc/ucum-lhc' {
  export const UcumLhcUtils: {
    getInstance(): {
      validateUnitString(unit: string): { readonly status: 'valid' | 'invalid' | 'error' }
      convertUnitTo(
        from: string,
        value: number,
        to: string,
        options?: { readonly molecularWeight?: number; readonly charge?: number },
      ): { readonly status: 'succeeded' | 'failed' | 'error'; readonly toVal: number | null }
    }
  }
}
