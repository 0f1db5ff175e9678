import { render } from 'preact';
import { mountPoint } from '@/src/ui/components/mount-point';
import { WelcomeApp } from '@/src/ui/welcome/welcome-app';
import { createWelcomeModel } from '@/src/ui/welcome/welcome-model';
import { followTheme } from '@/src/ui/state/follow-theme';
import { pageLife } from '@/src/ui/state/page-life';

const model = createWelcomeModel(pageLife);
followTheme(model.settings, pageLife);
render(<WelcomeApp model={model} />, mountPoint('welcome.title'));
