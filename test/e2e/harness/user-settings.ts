/**
 * The settings of the user who drives VS Code in the tests: nothing that moves by itself, asks, or downloads; a fixed
 * theme, so that pictures of two runs are alike; a terminal whose text is in the page, so that it can be read.
 */
export const userSettings: Readonly<Record<string, unknown>> = {
  "chat.disableAIFeatures": true,
  "editor.cursorBlinking": "solid",
  "editor.minimap.enabled": false,
  "extensions.autoCheckUpdates": false,
  "extensions.autoUpdate": false,
  "extensions.ignoreRecommendations": true,
  "files.autoSave": "off",
  "git.enabled": false,
  "security.workspace.trust.enabled": false,
  "task.allowAutomaticTasks": "off",
  "telemetry.telemetryLevel": "off",
  "terminal.integrated.gpuAcceleration": "off",
  "terminal.integrated.shellIntegration.enabled": false,
  "update.mode": "none",
  "window.commandCenter": false,
  "window.confirmBeforeClose": "never",
  "window.menuBarVisibility": "compact",
  "workbench.activityBar.location": "default",
  "workbench.colorTheme": "Default Dark Modern",
  "workbench.enableExperiments": false,
  "workbench.reduceMotion": "on",
  "workbench.secondarySideBar.defaultVisibility": "hidden",
  "workbench.startupEditor": "none",
  "workbench.tips.enabled": false,
};
