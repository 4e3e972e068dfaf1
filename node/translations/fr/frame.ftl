# Ce qui entoure chaque page.
