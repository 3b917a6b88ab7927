// Taplo's language server is a WebAssembly module without a stdio front; this is the least one. usage: taplo.cjs PATH_OF_@taplo/lsp
const { readFile, writeFile } = require('node:fs/promises');
const { isAbsolute } = require('node:path');
const { fileURLToPath } = require('node:url');
const { TaploLsp } = require(process.argv[2]);

const environment = {
  cwd: () => process.cwd(),
  envVar: (name) => process.env[name],
  envVars: () => Object.entries(process.env),
  findConfigFile: () => undefined,
  glob: () => [],
  isAbsolute,
  now: () => new Date(),
  readFile,
  writeFile,
  stderr: process.stderr,
  stdErrAtty: () => false,
  stdin: process.stdin,
  stdout: process.stderr,
  urlToFilePath: fileURLToPath,
  fetch: { fetch, Headers, Request, Response },
};

function send(message) {
  const body = JSON.stringify(message);
  process.stdout.write(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
}

const server = TaploLsp.initialize(environment, { onMessage: send });
let input = Buffer.alloc(0);
process.stdin.on('data', (chunk) => {
  input = Buffer.concat([input, chunk]);
  for (;;) {
    const end = input.indexOf('\r\n\r\n');
    if (end < 0) return;
    const length = Number(/content-length: *(\d+)/i.exec(input.toString('latin1', 0, end))?.[1]);
    if (input.length < end + 4 + length) return;
    const message = JSON.parse(input.toString('utf8', end + 4, end + 4 + length));
    input = input.subarray(end + 4 + length);
    void server.then((taplo) => taplo.send(message));
  }
});
