/**
 * Where things are in VS Code's page: every selector of the workbench that the tests depend on is here, so that a new
 * VS Code is followed in one place.
 */
export const workbench = {
  ready: ".monaco-workbench .part.statusbar",
  quickInput: ".quick-input-widget:not([style*='display: none'])",
  quickInputBox: ".quick-input-widget:not([style*='display: none']) .quick-input-box input",
  quickInputRow: ".quick-input-widget:not([style*='display: none']) .quick-input-list .monaco-list-row",
  quickInputLabel: ".label-name",
  activityBarItem: ".part.activitybar .action-item a.action-label",
  sideBar: ".part.sidebar",
  panel: ".part.panel",
  pane: ".pane",
  paneHeader: ".pane-header",
  treeRow: ".monaco-list-row",
  treeTwistie: ".monaco-tl-twistie",
  treeLabel: ".label-name",
  treeDescription: ".label-description",
  tab: ".part.editor .tab",
  activeEditor: ".part.editor .editor-group-container.active .monaco-editor[role='code']",
  activeTab: ".part.editor .editor-group-container.active .tab.active",
  viewLine: ".view-lines .view-line",
  squiggle: ".view-overlays .cdr[class*='squiggly-']",
  hover: ".monaco-hover:not(.hidden)",
  lightBulb: ".lightBulbWidget",
  actionRow: ".action-widget .monaco-list-row",
  problemRow: ".markers-panel-container .monaco-list-row",
  notification: ".notification-toast .notification-list-item",
  dialog: ".monaco-dialog-box",
  terminalRows: ".part.panel .xterm-rows:visible > div",
  webview: "iframe.webview.ready",
  webviewContent: "iframe#active-frame",
} as const;
