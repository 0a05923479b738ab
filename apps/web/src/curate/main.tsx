import '../look/tokens.css';
import '../look/page.css';
import '../look/parts.css';
import './curate.css';
import { present } from '@jamnet/base';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { offerLanguages } from '../language/language.ts';
import { CuratePage } from './curate-page.tsx';

offerLanguages();
createRoot(present(document.getElementById('root'), 'the root element of curate/index.html')).render(
  <StrictMode>
    <CuratePage />
  </StrictMode>,
);
