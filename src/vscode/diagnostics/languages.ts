/** Languages whose documents are analysed. The `sql` language stays with the extensions that serve it: its documents get diagnostics only. */
export const analysedLanguages = ["python", "typescript", "typescriptreact", "javascript", "javascriptreact", "go", "java", "csharp", "php", "rust", "ruby", "sql"] as const;

/** Host languages: these also get quick fixes and hovers. */
export const hostLanguages = analysedLanguages.filter((language) => language !== "sql");

/** Whether a document is one that is analysed: on disk, so that it belongs to a workspace whose rules are known. */
export function isAnalysed(document: { readonly languageId: string; readonly uri: { readonly scheme: string } }): boolean {
  return document.uri.scheme === "file" && analysedLanguages.some((language) => language === document.languageId);
}
