import '../look/tokens.css';
import '../look/page.css';
import '../look/parts.css';
import './docs.css';
import { present } from '@jamnet/base';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { offerLanguages } from '../language/language.ts';
import { DocsPage } from './docs-page.tsx';

offerLanguages();
createRoot(present(document.getElementById('root'), 'the root element of docs/index.html')).render(
  <StrictMode>
    <DocsPage />
  </StrictMode>,
);
