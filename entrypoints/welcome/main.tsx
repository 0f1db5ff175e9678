import { render } from 'preact';
import { mountPoint } from '@/src/ui/components/mount-point';
import { WelcomeApp } from '@/src/ui/welcome/welcome-app';
import { createWelcomeModel } from '@/src/ui/welcome/welcome-model';
import { pageLife } from '@/src/ui/state/page-life';

render(<WelcomeApp model={createWelcomeModel(pageLife)} />, mountPoint('welcome.title'));
