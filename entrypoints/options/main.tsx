import { render } from 'preact';
import { mountPoint } from '@/src/ui/components/mount-point';
import { OptionsApp } from '@/src/ui/options/options-app';
import { createOptionsModel } from '@/src/ui/options/options-model';
import { followTheme } from '@/src/ui/state/follow-theme';
import { pageLife } from '@/src/ui/state/page-life';

const model = createOptionsModel(pageLife);
followTheme(model.settings, pageLife);
render(<OptionsApp model={model} />, mountPoint('options.title'));
