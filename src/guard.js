// Runs before any TypeScript is read: a Node.js that cannot run .ts files gets a sentence, not a syntax error. And it
// makes starts quicker: what has been read once is kept compiled (in the system's folder for temporary files).
import module from 'node:module'

const [major, minor] = process.versions.node.split('.').map(Number)
if (major < 22 || (major === 22 && minor < 18)) {
  process.stderr.write(
    `Pitboss needs Node.js 22.18 or newer; this is ${process.versions.node}.\n` +
      'On Linux x64 and arm64 `npm ci` brings a fitting Node.js along: use the npm scripts (npm start, npm test).\n' +
      'On other systems install Node.js 24.\n',
  )
  process.exit(1)
}
module.enableCompileCache?.()

// Node.js parses a package's package.json again for every import within the package. That of drizzle-orm has 180 kB and
// is met hundreds of times: half a second of every start. Its modules name each other by their files, all of one kind.
const ofDrizzle = '/node_modules/drizzle-orm/'
module.registerHooks?.({
  resolve(specifier, context, next) {
    const inside = context.parentURL?.includes(ofDrizzle) && /^\.\.?\/.*\.js$/.test(specifier)
    if (!inside) return next(specifier, context)
    return { url: new URL(specifier, context.parentURL).href, format: 'module', shortCircuit: true }
  },
})
