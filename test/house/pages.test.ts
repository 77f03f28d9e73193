import assert from "node:assert/strict";
import {test} from "node:test";
import {checkPages} from "./check-pages.js";
import {findCode, pageModule} from "./page-code.js";
import {sourceFiles} from "./source-files.js";

const SOUND = `---
title: "\${not code}"
---
# A page with \`\${code} in backticks\`

\`\`\`ts echo
import {armId, LABEL_ONLY} from "./core/arms.js";
const arm: string = armId(LABEL_ONLY);
\`\`\`

<div class="note" title="x">\${arm.length > 2 ? \`\${arm}!\` : {a: 1}.a}</div>

\`\`\`js run=false
this is not run
\`\`\`

\`\`\`js
display(await FileAttachment("./data/study/levels.json").json())
\`\`\`
`;

test("the code of a page is found where it stands", () => {
  const texts = findCode(SOUND).map(({kind, start, end}) => [kind, SOUND.slice(start, end).trim()]);
  assert.deepEqual(texts, [
    ["block", `import {armId, LABEL_ONLY} from "./core/arms.js";\nconst arm: string = armId(LABEL_ONLY);`],
    ["inline", "arm.length > 2 ? `${arm}!` : {a: 1}.a"],
    ["block", `display(await FileAttachment("./data/study/levels.json").json())`]
  ]);
  const lines = pageModule(SOUND).split("\n");
  assert.equal(lines[7], "const arm: string = armId(LABEL_ONLY);");
  assert.deepEqual(checkPages([{path: "src/fixture.md", text: SOUND}]), []);
});

test("a broken page fails, and its line is named", () => {
  const broken = `# Broken

\`\`\`ts
import {armId} from "./core/arms.js";
const id: number = armId({mode: "explanation"});
\`\`\`

Text with \${nowhere} in it, and a global that would come from a package server: \${Plot}.

\`\`\`js
import {gone} from "./core/no-such-module.js";
\`\`\`

\`\`\`js
const = 3;
\`\`\`
`;
  const lines = checkPages([{path: "src/fixture.md", text: broken}]).join("\n");
  assert.match(lines, /^src\/fixture\.md:5: Type 'string' is not assignable to type 'number'/m);
  assert.match(lines, /^src\/fixture\.md:8: Cannot find name 'nowhere'/m);
  assert.match(lines, /^src\/fixture\.md:8: Cannot find name 'Plot'/m);
  assert.match(lines, /^src\/fixture\.md:11: Cannot find module '\.\/core\/no-such-module\.js'/m);
  assert.match(lines, /^src\/fixture\.md:15: /m);
});

test("every page of the notebook type-checks", () => {
  const pages = sourceFiles("src", ".md");
  assert.ok(
    pages.some(({path}) => path === "src/index.md"),
    "there is no home page"
  );
  assert.deepEqual(checkPages(pages), []);
});
