/** The one file of seedrandom that is imported; its published types cover only the package's entry. */
declare module 'seedrandom/lib/alea.js' {
  import type seedrandom from 'seedrandom';
  const alea: seedrandom['alea'];
  export default alea;
}
