/** Symmetric positive definite systems, by Cholesky's decomposition (Golub & Van Loan 2013, §4.2). */

/** Pivots below this share of their diagonal element count as zero. */
const SINGULAR = 1e-13;

/** Lower triangle L with L·L' = `matrix`, row by row; null where `matrix` is not positive definite. */
export function cholesky(matrix: readonly (readonly number[])[]): number[][] | null {
  const lower: number[][] = [];
  for (const [i, row] of matrix.entries()) {
    const current: number[] = [];
    for (let j = 0; j < i; ++j) current.push((row[j]! - dot(current, lower[j]!, j)) / lower[j]![j]!);
    const pivot = row[i]! - dot(current, current, i);
    if (!(pivot > SINGULAR * row[i]!)) return null;
    current.push(Math.sqrt(pivot));
    lower.push(current);
  }
  return lower;
}

/** x with L·L'·x = `right`. */
export function choleskySolve(lower: readonly (readonly number[])[], right: readonly number[]): number[] {
  const forward: number[] = [];
  for (const [i, row] of lower.entries()) forward.push((right[i]! - dot(row, forward, i)) / row[i]!);
  const solution = new Array<number>(lower.length).fill(0);
  for (let i = lower.length - 1; i >= 0; --i) {
    let rest = forward[i]!;
    for (let j = i + 1; j < lower.length; ++j) rest -= lower[j]![i]! * solution[j]!;
    solution[i] = rest / lower[i]![i]!;
  }
  return solution;
}

function dot(a: readonly number[], b: readonly number[], terms: number): number {
  let sum = 0;
  for (let i = 0; i < terms; ++i) sum += a[i]! * b[i]!;
  return sum;
}
