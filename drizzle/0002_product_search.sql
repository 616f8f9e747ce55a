-- What is searched, and what pages are ordered by: brand and name as one text, so folded that case and the way a letter
-- is composed make no difference. The server must be UTF-8 (normalize knows no other encoding).
CREATE FUNCTION fold_text(t text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE RETURN lower(normalize(t, NFC));
--> statement-breakpoint
-- All letters and pairs of neighbouring letters: what holds a word holds all of these of the word. In any language,
-- without an extension; Korean is often written without spaces between words.
CREATE FUNCTION text_grams(t text) RETURNS text[] LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE BEGIN ATOMIC
  SELECT coalesce(array_agg(DISTINCT gram), '{}') FROM (
    SELECT unnest(ARRAY[letter, letter || lead(letter) OVER (ORDER BY at)])
    FROM string_to_table(t, NULL) WITH ORDINALITY AS letters(letter, at)
  ) AS grams(gram) WHERE gram IS NOT NULL;
END;
--> statement-breakpoint
CREATE INDEX products_grams ON products USING gin (text_grams(fold_text(brand_name || ' ' || product_name)));
--> statement-breakpoint
-- Cut, since an index entry has a largest size. In the order of code points, so that it is the same on every server.
CREATE INDEX products_ordered ON products ((left(fold_text(brand_name || ' ' || product_name), 200) COLLATE "C"), id);
