/** Made by `build/sample.ts`: the sample image in base64. */
declare module 'virtual:sample-image' {
  const base64: string;
  export default base64;
}
