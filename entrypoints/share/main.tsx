import { render } from 'preact';
import { mountPoint } from '@/src/ui/components/mount-point';
import { ShareApp } from '@/src/ui/share/share-app';
import { createShareModel } from '@/src/ui/share/share-model';
import { followTheme } from '@/src/ui/state/follow-theme';
import { pageLife } from '@/src/ui/state/page-life';

const model = createShareModel(pageLife);
followTheme(model.settings, pageLife);
render(<ShareApp model={model} />, mountPoint('share.title'));
