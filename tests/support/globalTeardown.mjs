export default async function tearDown() {
  const { dropDatabase } = await import('../../dist/database/administration.js')
  await dropDatabase(process.env.TEST_SERVER_URL, process.env.TEST_TEMPLATE)
  await globalThis.stopTestServer()
}
