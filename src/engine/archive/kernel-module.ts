/** WebAssembly that comes with the page's own script; see `src/kernels`. */

const compiled = new Map<string, WebAssembly.Module | undefined>();

/**
 * A kernel that is written in base64, compiled once; undefined where the browser allows no WebAssembly (Apple's Lockdown
 * Mode, a policy of the host's).
 */
export function compiledKernel(base64: string): WebAssembly.Module | undefined {
  if (!compiled.has(base64)) compiled.set(base64, compile(base64));
  return compiled.get(base64);
}

function compile(base64: string): WebAssembly.Module | undefined {
  try {
    return new WebAssembly.Module(Uint8Array.from(atob(base64), (byte) => byte.charCodeAt(0)));
  } catch {
    return undefined;
  }
}
