/** The bundler turns these imports into dist/webview/<entry>.css. */
declare module "*.css";
