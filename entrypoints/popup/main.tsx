import { render } from 'preact';
import { mountPoint } from '@/src/ui/components/mount-point';
import { PopupApp } from '@/src/ui/popup/popup-app';
import { createPopupModel } from '@/src/ui/popup/popup-model';
import { pageLife } from '@/src/ui/state/page-life';

render(<PopupApp model={createPopupModel(pageLife)} />, mountPoint('popup.title'));
