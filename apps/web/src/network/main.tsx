import '../look/tokens.css';
import '../look/page.css';
import '../look/parts.css';
import '../books/books-page.css';
import '../studio/studio.css';
import './network.css';
import { present } from '@jamnet/base';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { offerLanguages } from '../language/language.ts';
import { NetworkPage } from './network-page.tsx';

offerLanguages();
createRoot(present(document.getElementById('root'), 'the root element of network/index.html')).render(
  <StrictMode>
    <NetworkPage />
  </StrictMode>,
);
