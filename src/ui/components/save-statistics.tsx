import { browser } from 'wxt/browser';
import type { SessionSnapshot } from '@/src/protocol/engine-api';
import { i18n } from '@/src/ui/state/i18n';
import { statisticsFileName, statisticsReport } from '@/src/ui/state/statistics-report';
import { Button } from './button';
import { saveJson } from './save-json';

/** Writes what this session has measured to a file; it names neither the film nor any host. */
export function SaveStatistics({ session }: { readonly session: SessionSnapshot }) {
  return (
    <Button icon="save" onPress={() => save(session)}>
      {i18n.t('common.saveStatistics')}
    </Button>
  );
}

function save(session: SessionSnapshot): void {
  const nowMs = Date.now();
  const { version } = browser.runtime.getManifest();
  const report = statisticsReport(session, { nowMs, version, userAgent: navigator.userAgent });
  saveJson(statisticsFileName(nowMs), `${JSON.stringify(report, undefined, 2)}\n`);
}
