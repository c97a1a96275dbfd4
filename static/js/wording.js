// The wording editor: reorder, preview while typing, warn about unsaved changes. Without scripts its buttons do the same.
