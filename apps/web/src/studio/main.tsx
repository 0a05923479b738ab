import '../look/tokens.css';
import '../look/page.css';
import '../look/parts.css';
import '../books/books-page.css';
import './studio.css';
import { present } from '@jamnet/base';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { offerLanguages } from '../language/language.ts';
import { StudioPage } from './studio-page.tsx';

offerLanguages();
createRoot(present(document.getElementById('root'), 'the root element of studio/index.html')).render(
  <StrictMode>
    <StudioPage />
  </StrictMode>,
);
