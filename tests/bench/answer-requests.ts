import type { Page } from 'puppeteer';
import type { SitePage } from '@/tests/support/static-site';

/** Answers a page's requests without a server; those it has no answer to go their way. */
export async function answerRequests(page: Page, answerTo: (url: string) => SitePage | undefined): Promise<void> {
  await page.setRequestInterception(true);
  page.on('request', (request) => {
    const answer = answerTo(request.url());
    void (answer === undefined ? request.continue() : request.respond({ contentType: answer.type ?? 'text/html', body: answer.body }));
  });
}
