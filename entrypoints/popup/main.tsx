import { render } from 'preact';
import { mountPoint } from '@/src/ui/components/mount-point';
import { PopupApp } from '@/src/ui/popup/popup-app';
import { createPopupModel } from '@/src/ui/popup/popup-model';
import { followTheme } from '@/src/ui/state/follow-theme';
import { pageLife } from '@/src/ui/state/page-life';

const model = createPopupModel(pageLife);
followTheme(model.settings, pageLife);
render(<PopupApp model={model} />, mountPoint('popup.title'));
