/** What is used of the Cephes library; its package has types, but doesn't offer them to importing modules. */
declare module "cephes" {
  /** Resolves when the library can be used. */
  export const compiled: Promise<void>;
  /** Regularised incomplete beta function I_x(a, b), and its inverse in x. */
  export function incbet(a: number, b: number, x: number): number;
  export function incbi(a: number, b: number, share: number): number;
  /** ln |Γ(x)|. */
  export function lgam(x: number): number;
  /** Φ⁻¹. */
  export function ndtri(p: number): number;
}
