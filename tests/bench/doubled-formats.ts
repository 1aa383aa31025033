/** A build of the page with every format in it twice, the second time with other literals: only for measuring. */
import { build, type Plugin } from 'vite';

const TABLE = /\/src\/engine\/secrets\/formats\.ts$/;

/** Letters outside of a template's braces, and of the alternatives in them, go thirteen places on. */
const SOURCE = `
const turn = (text) => text.replace(/[a-z]/gi, (c) => {
  const base = c < 'a' ? 65 : 97;
  return String.fromCharCode(((c.charCodeAt(0) - base + 13) % 26) + base);
});
const turnTemplate = (template) =>
  template.replace(/\\{[^}]*\\}|[^{]+/g, (piece) =>
    piece.startsWith('{') && !piece.includes('|') ? piece : turn(piece));
const again = (row) => ({
  ...row,
  id: row.id + '-again',
  template: turnTemplate(row.template),
  context: row.context?.map(turn),
  key: row.key?.map(turn),
});
export const FORMATS = ONCE.concat(ONCE.map(again));
`;

function doubled(): Plugin {
  return {
    name: 'porthole-bench-doubled',
    transform(code, id) {
      if (!TABLE.test(id.split('?')[0] as string)) return undefined;
      const once = code.replace(/export const FORMATS\b/, 'const ONCE');
      if (once === code) this.error('the table of formats is not where it was');
      return once + SOURCE;
    },
  };
}

/** Builds it; gives the folder. */
export async function buildDoubled(): Promise<string> {
  const outDir = 'node_modules/.cache/porthole/bench-doubled';
  await build({
    logLevel: 'error',
    worker: { format: 'es', plugins: () => [doubled()] },
    plugins: [doubled()],
    build: { outDir, emptyOutDir: true },
  });
  return outDir;
}
