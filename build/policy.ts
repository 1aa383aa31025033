/** The content security policy: one list, for the page's meta tag, the hosts' headers and the tests. */
import type { Plugin } from 'vite';

/**
 * What the page may do. `connect-src 'none'` is the promise that nothing is uploaded; workers are inlined
 * as blobs because a worker loaded from an address would not be covered by a meta tag.
 */
const DIRECTIVES: Record<string, string> = {
  'default-src': "'none'",
  'script-src': "'self' 'wasm-unsafe-eval'", // WebAssembly, and nothing else that is made while the page runs
  'style-src': "'self'",
  'img-src': "'self' data: blob:",
  'font-src': "'self'",
  'worker-src': "'self' blob:",
  'manifest-src': "'self'",
  'connect-src': "'none'",
  'base-uri': "'none'",
  'form-action': "'none'",
  'require-trusted-types-for': "'script'",
  'trusted-types': 'svelte-trusted-html default',
};

export const POLICY = Object.entries(DIRECTIVES)
  .map(([directive, value]) => `${directive} ${value}`)
  .join('; ');

/** The service worker fetches the page's own files, once, and so needs a policy of its own. */
const WORKER_POLICY = "default-src 'none'; connect-src 'self'";

/**
 * Headers for hosts that read `_headers`; `frame-ancestors` works only there. A host joins the headers of all rules
 * that match, so the page's policy stands with the page alone: the worker would fetch nothing under it.
 */
const HEADERS = `/
  Content-Security-Policy: ${POLICY}; frame-ancestors 'none'
/index.html
  Content-Security-Policy: ${POLICY}; frame-ancestors 'none'
/sw.js
  Content-Security-Policy: ${WORKER_POLICY}
/*
  Referrer-Policy: no-referrer
  X-Content-Type-Options: nosniff
  Cross-Origin-Opener-Policy: same-origin
`;

/** Puts the policy first in the built page's head, and writes the hosts' headers. */
export function policy(): Plugin {
  return {
    name: 'porthole-policy',
    apply: 'build',
    transformIndexHtml: () => [
      {
        tag: 'meta',
        attrs: { 'http-equiv': 'Content-Security-Policy', content: POLICY },
        injectTo: 'head-prepend',
      },
    ],
    generateBundle() {
      this.emitFile({ type: 'asset', fileName: '_headers', source: HEADERS });
    },
  };
}
