import '../look/tokens.css';
import '../look/page.css';
import '../look/parts.css';
import './account.css';
import { present } from '@jamnet/base';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { offerLanguages } from '../language/language.ts';
import { AccountPage } from './account-page.tsx';

// Passkeys are kept under names: the same studio by its name on this machine.
if (location.hostname === '127.0.0.1') {
  location.hostname = 'localhost';
} else {
  offerLanguages();
  createRoot(present(document.getElementById('root'), 'the root element of account/index.html')).render(
    <StrictMode>
      <AccountPage />
    </StrictMode>,
  );
}
