import '../look/tokens.css';
import '../look/page.css';
import '../look/parts.css';
import '../epoch/epoch.css';
import './books.css';
import './books-page.css';
import { present } from '@jamnet/base';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { offerLanguages } from '../language/language.ts';
import { BooksPage } from './books-page.tsx';

offerLanguages();
createRoot(present(document.getElementById('root'), 'the root element of books/index.html')).render(
  <StrictMode>
    <BooksPage />
  </StrictMode>,
);
