import { render } from 'preact';
import { mountPoint } from '@/src/ui/components/mount-point';
import { ShareApp } from '@/src/ui/share/share-app';
import { createShareModel } from '@/src/ui/share/share-model';
import { pageLife } from '@/src/ui/state/page-life';

render(<ShareApp model={createShareModel(pageLife)} />, mountPoint('share.title'));
