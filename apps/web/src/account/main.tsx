import '../look/tokens.css';
import '../look/page.css';
import '../look/parts.css';
import './account.css';
import { AccountPage } from './account-page.tsx';
import { movedTo } from './moved-to.ts';
import { presentOwn } from './present-own.tsx';

const moved = movedTo(location.hash);
if (moved === null) presentOwn(<AccountPage />, 'account/index.html');
else location.replace(moved);
