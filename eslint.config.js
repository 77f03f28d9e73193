import tseslint from "typescript-eslint";

/** Types find most mistakes; these rules find the rest: forgotten promises, dead code, untyped escapes. */
export default tseslint.config(
  {ignores: ["node_modules/", ".because/", "dist/", "src/.observablehq/", "test/house/page-globals.d.ts"]},
  ...tseslint.configs.recommended,
  {
    files: ["**/*.ts"],
    languageOptions: {parserOptions: {projectService: true, tsconfigRootDir: import.meta.dirname}},
    rules: {
      "@typescript-eslint/no-floating-promises": [
        "error",
        {
          allowForKnownSafeCalls: [
            {from: "package", package: "node:test", name: ["test", "it", "describe", "suite"]}
          ]
        }
      ],
      "@typescript-eslint/await-thenable": "error",
      "@typescript-eslint/consistent-type-imports": ["error", {fixStyle: "inline-type-imports"}],
      "@typescript-eslint/no-unnecessary-type-assertion": "error"
    }
  },
  {
    rules: {
      "@typescript-eslint/no-unused-vars": ["error", {argsIgnorePattern: "^_", varsIgnorePattern: "^_"}],
      eqeqeq: ["error", "always", {null: "ignore"}],
      "no-var": "error",
      "prefer-const": "error"
    }
  }
);
