/** Folds the lists of what to try on a phone, where each is as high as a figure; elsewhere they are open. Every page loads it. */

const narrow = matchMedia("(max-width: 639.98px)");

function fold(): void {
  for (const list of document.querySelectorAll<HTMLDetailsElement>("details.try"))
    list.open = !narrow.matches;
}

narrow.addEventListener("change", fold);
fold();
