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

/** Headers for hosts that read `_headers`; `frame-ancestors` works only there. */
const HEADERS = `/*
  Content-Security-Policy: ${POLICY}; frame-ancestors 'none'
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
