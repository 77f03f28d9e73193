/** How much of the machine one gets: times measured on a machine that others use hold their work, too. */

export interface Stalls {
  /** Share of the time in which a process that wants to run did. */
  share: number;
  /** Longest time in milliseconds for which it did not. */
  longest: number;
}

/** Counts for `ms` milliseconds and looks for gaps. */
export function measureStalls(ms = 2000): Stalls {
  const began = performance.now();
  const before = process.cpuUsage();
  let [last, longest] = [began, 0];
  while (last - began < ms) {
    const now = performance.now();
    longest = Math.max(longest, now - last);
    last = now;
  }
  const {user, system} = process.cpuUsage(before);
  return {share: (user + system) / 1000 / (last - began), longest};
}
