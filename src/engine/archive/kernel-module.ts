/** WebAssembly that comes with the page's own script; see `src/kernels`. */

/**
 * Compiles a kernel that is written in base64; undefined where the browser allows no WebAssembly (Apple's Lockdown Mode, a
 * policy of the host's).
 */
export function compiledKernel(base64: string): WebAssembly.Module | undefined {
  try {
    return new WebAssembly.Module(Uint8Array.from(atob(base64), (byte) => byte.charCodeAt(0)));
  } catch {
    return undefined;
  }
}
