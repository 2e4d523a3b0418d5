/** The package names its binary for this machine, or null, and declares nothing. */
declare module 'relay-compiler' {
  const binary: string | null
  export default binary
}
