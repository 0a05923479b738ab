import '../look/tokens.css';
import '../look/page.css';
import '../look/parts.css';
import './status.css';
import { present } from '@jamnet/base';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { offerLanguages } from '../language/language.ts';
import { StatusPage } from './status-page.tsx';

offerLanguages();
createRoot(present(document.getElementById('root'), 'the root element of status/index.html')).render(
  <StrictMode>
    <StatusPage />
  </StrictMode>,
);
