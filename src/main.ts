import { readConfig } from './config.js'
import { explained, serve } from './serve.js'

await explained(() => serve(readConfig(process.env)))
