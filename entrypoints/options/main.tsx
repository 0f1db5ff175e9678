import { render } from 'preact';
import { mountPoint } from '@/src/ui/components/mount-point';
import { OptionsApp } from '@/src/ui/options/options-app';
import { createOptionsModel } from '@/src/ui/options/options-model';
import { pageLife } from '@/src/ui/state/page-life';

render(<OptionsApp model={createOptionsModel(pageLife)} />, mountPoint('options.title'));
