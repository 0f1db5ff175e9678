// A browser is fetched only when the scripts find none (scripts/browser.ts), never as a side effect of an install.
module.exports = { skipDownload: true };
