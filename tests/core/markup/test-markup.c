/* The Markdown document: what blocks a text gives, at every prefix, and that finished ones stay. */
#include "config.h"

#include "markup-dump.h"

#include <string.h>

static const struct { const char *text; const char *expected; } cases[] = {
  { "", "" },
  { "\n\n  \n", "" },
  { "one", "P one" },
  { "one\ntwo\n\nthree\n", "P one two|P three" },
  { "one  \ntwo\\\nthree", "P one\ntwo\nthree" },
  { "日本\n語 and\n語", "P 日本語 and 語" },
  { "# Title #\n\nTwo\n===\ntext", "H1 Title|H1 Two|P text" },
  { "a *b **c** d* e", "P a {e:b }{es:c}{e: d} e" },
  { "~~old~~ and `co*de*` <b>bold</b>", "P {x:old} and {c:co*de*} <b>bold</b>" },
  { "see [here *it*](http://a.b/c \"t\") or <https://d.e>", "P see {l:here →http://a.b/c}{el:it→http://a.b/c} or {l:https://d.e→https://d.e}" },
  { "www.a.com and https://b.org/x.", "P {l:www.a.com→http://www.a.com} and {l:https://b.org/x→https://b.org/x}." },
  { "AT&amp;T \\*no\\* &copy;", "P AT&T *no* ©" },
  { "```python\nx = 1\n\ny\n```\nb", "C(python) x = 1\n\ny|P b" },
  { "~~~ sh\n```\n~~~", "C(sh) ```" },
  { "```{.rust}\nx", "C(rust) x" },
  { "```\n```", "C " },
  { "    indented\n      more\n\ntext", "C indented\n  more|P text" },
  { "- a\n- b\n  - c\n\n    d\n- e", "* P a|* P b|  * P c|    P d|* P e" },
  { "3. c\n4. d\n\n   ```c\n   x\n   ```\n", "3. P c|4. P d|. C(c) x" },
  { "1. one\n1. two\n1. three", "1. P one|2. P two|3. P three" },
  { "- [ ] open\n- [x] done", "* [ ] P open|* [x] P done" },
  { "- \n- b", "* P |* P b" },
  { "- - a\n  - b", "* * P a|  * P b" },
  { "> quoted\ntoo\n>\n> > deep\n\nout", "> P quoted too|> > P deep|P out" },
  { "> - a\n>   b\n> - c", "> * P a b|> * P c" },
  { "> ```\n# head\n\n- ~~~\nout\n", "> C |H1 head|* C |P out" },
  { "a\n\n---\n\nb", "P a|R |P b" },
  { "<div>\n*x*\n</div>\n\nb", "P <div>\n*x*\n</div>|P b" },
  { "| a | b |\n|:--|--:|\n| 1 | **2** |\n| `x\\|y` |", "T a\tb\n1\t{s:2}\n{c:x|y}\t" },
  { "![alt text](http://h/p.png)", "I(http://h/p.png) alt text" },
  { "see ![alt](p.png) there", "P see {i:alt→p.png} there" },
  /* what can be loaded is shown, wherever it stands */
  { "see ![the *alt*](https://h/p.png \"t\") there", "P see|I(https://h/p.png) the alt|P there" },
  { "- ![alt](https://h/p.png)", "* I(https://h/p.png) alt" },
  { "- see:\n  ![alt](https://h/p.png)\n- b", "* P see:|  I(https://h/p.png) alt|* P b" },
  { "> see ![alt][p]\n\n[p]: https://h/p.png", "> P see|> I(https://h/p.png) alt" },
  { "![a](https://h/p.png)![b](https://h/q.png)", "I(https://h/p.png) a|I(https://h/q.png) b" },
  { "[![alt](https://h/p.png)](https://h) a *![b](https://h/q.png)*",
    "P {li:alt→https://h/p.png} a {ei:b→https://h/q.png}" },
  { "[foo] and [Bar  baz][]\n\n[foo]: /url \"t\"\n[bar BAZ]: <x y>", "P {l:foo→/url} and {l:Bar  baz→x y}" },
  { "Text[^1] more[^note].\n\n[^1]: First\n[^note]: Second\n    still *it*\n", "P Text{n:1→1} more{n:2→note}.|^1 P First|^2 P Second still {e:it}" },
  { "for $x_1*y_2*$ and \\(a\\) in **$b$**: $5", "P for {m:\xef\xbf\xbc→x_1*y_2*} and {m:\xef\xbf\xbc→a} in {sm:\xef\xbf\xbc→b}: $5" },
  { "so\n$$\na_1\n- b\n$$\nthen\n\n\\[ x \\]\n", "P so|M(\na_1\n- b\n) \xef\xbf\xbc|P then|M( x ) \xef\xbf\xbc" },
  { "not[^there]", "P not[^there]" },
  { "a\r\n\r\nb\r\nc", "P a|P b c" },
  { "a\rb\n\r\nc\rd", "P a b|P c d" },
};

static void
test_cases (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(BobbinMarkup) document = markup_parse (cases[i].text);
      g_autofree char *found = markup_dump (document, cases[i].text);

      g_test_message ("%s", cases[i].text);
      g_assert_cmpstr (found, ==, cases[i].expected);
    }
}

/* The map: in order, within the block, and drawn text that is in the source is where the map says. */
static void
check_map (const BobbinMarkupBlock *block,
           const char              *source,
           gsize                    length)
{
  const char *text = bobbin_markup_block_get_text (block, source);
  gsize before = block->start;

  g_assert_cmpuint (block->start, <=, block->end);
  g_assert_cmpuint (block->end, <=, length);
  g_assert_true (g_utf8_validate (text, block->length, NULL));
  for (guint i = 0; i < block->length; i += (guint) (g_utf8_next_char (text + i) - (text + i)))
    {
      gsize at = bobbin_markup_block_to_source (block, i);

      g_assert_cmpuint (at, >=, before);
      g_assert_cmpuint (at, <=, block->end);
      before = at;
    }
}

/* In pieces of @step bytes: the same in the end, and what is frozen stays. */
static void
check_streaming (const char *text,
                 gsize       step)
{
  gsize length = strlen (text);
  g_autoptr(BobbinMarkup) whole = markup_parse (text);
  g_autoptr(BobbinMarkup) parts = bobbin_markup_new (BOBBIN_MARKUP_EXTENDED);
  g_autoptr(GPtrArray) frozen = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *expected = markup_dump (whole, text);
  g_autofree char *found = NULL;
  guint n = 0;

  for (gsize i = 0; i < length; i += step)
    {
      /* a text that ends here: nothing is read beyond */
      g_autofree char *prefix = g_strndup (text, i);
      guint changed = bobbin_markup_feed (parts, prefix, i, FALSE);
      gsize end = 0;

      g_assert_cmpuint (changed, <=, bobbin_markup_get_n (parts));
      g_assert_cmpuint (frozen->len, <=, bobbin_markup_get_n_frozen (parts));
      for (guint k = 0; k < bobbin_markup_get_n (parts); k++)
        {
          const BobbinMarkupBlock *block = bobbin_markup_get (parts, k);

          g_assert_cmpuint (block->start, >=, end);
          end = block->end;
          if (k >= changed)
            check_map (block, prefix, i);
        }
      for (guint k = frozen->len; k < bobbin_markup_get_n_frozen (parts); k++)
        g_ptr_array_add (frozen, markup_dump_block (bobbin_markup_get (parts, k), prefix));
      /* all of them now and then and at the end, the last ones every time */
      for (guint k = n++ % 50 == 0 || i + step >= length ? 0 : frozen->len - MIN (frozen->len, 3); k < frozen->len; k++)
        {
          g_autofree char *now = markup_dump_block (bobbin_markup_get (parts, k), prefix);

          g_assert_cmpstr (now, ==, g_ptr_array_index (frozen, k));
        }
    }
  bobbin_markup_feed (parts, text, length, TRUE);
  found = markup_dump (parts, text);
  g_assert_cmpstr (found, ==, expected);
}

static void
test_every_prefix (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    check_streaming (cases[i].text, 1);
}

/* All cases one after the other, many times: longer than the window. */
static void
test_long_document (void)
{
  g_autoptr(GString) text = g_string_new (NULL);

  for (guint i = 0; text->len < 11000; i++)
    {
      const char *one = cases[i % G_N_ELEMENTS (cases)].text;

      if (strstr (one, "~~~") != NULL || strstr (one, "rust") != NULL)
        continue;
      g_string_append (text, one);
      g_string_append (text, "\n\n");
    }

  /* the sanitizers would take minutes over each of them; every prefix of the cases they have seen by then */
  check_streaming (text->str, g_getenv ("BOBBIN_SANITIZED") == NULL ? 1 : 31);
  check_streaming (text->str, 97);
  check_streaming (text->str, 5000);
}

static const struct { const char *head; const char *line; guint kind; } units[] = {
  { "", "A paragraph that goes on with *words* and `code` and a [link](http://x.org/y). ", BOBBIN_MARKUP_PARAGRAPH },
  { "", "A paragraph of many **lines** in which nothing ever ends\n", BOBBIN_MARKUP_PARAGRAPH },
  { "> ", "A quote of many **lines**\n> ", BOBBIN_MARKUP_PARAGRAPH },
  { "", "- an item\n  - and one in it\n\n    with a second paragraph\n", BOBBIN_MARKUP_PARAGRAPH },
  { "7. head\n", "   - nested in the seventh *item*\n", BOBBIN_MARKUP_PARAGRAPH },
  { "- x\n\n  ```c\n", "  int a = 1; /* within an item */\n", BOBBIN_MARKUP_CODE },
  { "```c\n", "int a = 1;\n\n", BOBBIN_MARKUP_CODE },
  { "~~~\n", "a line that is much longer than others are, as those of data written by programs ", BOBBIN_MARKUP_CODE },
  { "", "    indented code\n", BOBBIN_MARKUP_CODE },
  { "| a | b |\n|---|--:|\n", "| cell *one* | 2 |\n", BOBBIN_MARKUP_TABLE },
  { "> > - | a | b |\n> >   |---|--:|\n", "> >   | cell *one* | 2 |\n", BOBBIN_MARKUP_TABLE },
  { "", "漢字漢字漢字", BOBBIN_MARKUP_PARAGRAPH },
  { "<div>\n", "<p>not interpreted</p>\n", BOBBIN_MARKUP_PARAGRAPH },
};

static char *
long_unit (guint index,
           gsize length)
{
  GString *text = g_string_new (units[index].head);

  while (text->len < length)
    g_string_append (text, units[index].line);

  return g_string_free (text, FALSE);
}

/* One unit of 50 KB is cut, at the same places however it comes, and what is drawn is what was there. */
static void
test_long_units (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (units); i++)
    {
      g_autofree char *text = long_unit (i, 50000);
      gsize length = strlen (text);
      g_autoptr(BobbinMarkup) document = markup_parse (text);
      gsize drawn = 0;

      g_test_message ("%s%s", units[i].head, units[i].line);
      g_assert_cmpuint (bobbin_markup_get_n (document), >, 5);
      for (guint k = 0; k < bobbin_markup_get_n (document); k++)
        {
          const BobbinMarkupBlock *block = bobbin_markup_get (document, k);

          g_assert_cmpuint (block->length, <=, BOBBIN_MARKUP_WINDOW);
          g_assert_cmpuint (block->n_boxes, <=, 4);
          if (k > 2)
            g_assert_cmpuint (block->kind, ==, units[i].kind);
          drawn += block->length;
        }
      if (g_str_has_prefix (units[i].head, "```")) /* and never within a line */
        for (guint k = 0; k < bobbin_markup_get_n (document); k++)
          {
            const BobbinMarkupBlock *block = bobbin_markup_get (document, k);

            g_assert_cmpuint (block->length, <=, BOBBIN_MARKUP_CODE_WINDOW);
            g_assert_true (k == 0 || text[block->start - 1] == '\n');
          }
      g_assert_cmpuint (drawn, >, length / 3);
      g_assert_cmpuint (bobbin_markup_get_parsed (document), <, 4 * length);
      check_streaming (text, 1999);
    }
}

static char *
with_code (const char *before,
           const char *line,
           guint       n_lines,
           const char *after)
{
  GString *text = g_string_new (before);

  for (guint i = 0; i < n_lines; i++)
    g_string_append (text, line);
  g_string_append (text, after);

  return g_string_free (text, FALSE);
}

/* Code is cut at the same places wherever it stands, whether the text comes whole or in pieces. */
static void
test_code_within (void)
{
  static const struct { const char *before; const char *line; guint n_lines; const char *after; } texts[] = {
    { "Hello there\n\n```c\n", "int a = 1; /* something */\n", 230, "```\n\nmore text\n" },
    { "Hello there\n```c\n", "int a = 1; /* something */\n", 900, "```\nmore text\n" },
    { "# One\n\n- an item\n- another\n\n~~~\n", "some words of data\n", 400, "~~~\n\n1. one\n2. two\n" },
    { "- an item\n\n  ```\n", "  within it\n", 500, "  ```\n\nwords\n\n```\nshort\n```\n" },
    { "words\n\n````\n```\n", "within\n", 900, "```\n````\n\nwords\n" },
    { "words\n\n    ```\n\nwords\n\n", "a line of a paragraph\n", 300, "\n```\ncode\n```\n" },
    { "``` no `fence\n\n```\n", "a line of code\r\n", 400, "```\r\nwords\r\n" },
    { "words\n\n```\n", "it never ends\n", 420, "" },
  };
  static const gsize steps[] = { 200, 1999, 4097, 5500 };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    for (guint n = 1; n < 3; n++)
      {
        g_autofree char *one = with_code (texts[i].before, texts[i].line, texts[i].n_lines, texts[i].after);
        g_autofree char *text = with_code ("", one, n, "The end.\n");
        g_autoptr(BobbinMarkup) document = markup_parse (text);

        g_test_message ("%s, %u times", texts[i].before, n);
        for (guint k = 0; k < bobbin_markup_get_n (document); k++)
          {
            const BobbinMarkupBlock *block = bobbin_markup_get (document, k);

            if (block->kind == BOBBIN_MARKUP_CODE && block->n_boxes == 0 && strstr (texts[i].before, "````") == NULL)
              g_assert_cmpuint (block->length, <=, BOBBIN_MARKUP_CODE_WINDOW);
          }
        g_assert_cmpuint (bobbin_markup_get_parsed (document), <, 4 * strlen (text));
        for (guint k = 0; k < G_N_ELEMENTS (steps); k++)
          check_streaming (text, steps[k]);
      }
}

/* What a long unit costs while it grows: the same for each byte. */
static void
test_linear (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (units); i++)
    {
      guint64 parsed[2];

      for (guint k = 0; k < 2; k++)
        {
          g_autofree char *text = long_unit (i, k == 0 ? 20000 : 60000);
          gsize length = strlen (text);
          g_autoptr(BobbinMarkup) document = bobbin_markup_new (BOBBIN_MARKUP_EXTENDED);

          for (gsize at = 0; at < length; at += 1000)
            bobbin_markup_feed (document, text, at, FALSE);
          parsed[k] = bobbin_markup_get_parsed (document);
        }
      g_assert_cmpuint (parsed[1], <, parsed[0] * 4);
    }
}

/* A large picture is one block, whatever is around it, and costs one look at each byte. */
static void
test_large_picture (void)
{
  static const struct { const char *before; const char *after; const char *expected; } places[] = {
    { "", "", "I a *cat*" },
    { "Look:\n\n", "\n", "P Look:|I a *cat*" },
    { "# Head\n\n- item\n\n", "\n\nAnd *more*.\n", "H1 Head|* P item|I a *cat*|P And {e:more}." },
    { "Look:\n\n", "  \nnext", "P Look:|I a *cat*|P next" },
  };
  g_autofree char *data = g_strnfill (40000, 'A');

  for (guint i = 0; i < G_N_ELEMENTS (places); i++)
    {
      g_autofree char *picture = g_strconcat ("![a *cat*](data:image/png;base64,", data, "==)", NULL);
      g_autofree char *text = g_strconcat (places[i].before, picture, places[i].after, NULL);
      g_autoptr(BobbinMarkup) document = markup_parse (text);
      GString *found = g_string_new (NULL);

      for (guint k = 0; k < bobbin_markup_get_n (document); k++)
        {
          const BobbinMarkupBlock *block = bobbin_markup_get (document, k);
          g_autofree char *one = markup_dump_block (block, text);

          if (block->kind == BOBBIN_MARKUP_IMAGE)
            {
              g_assert_cmpuint (strlen (block->info), ==, strlen ("data:image/png;base64,==") + 40000);
              g_string_append_printf (found, "%sI %s", k > 0 ? "|" : "", block->text);
            }
          else
            {
              g_string_append_printf (found, "%s%s", k > 0 ? "|" : "", one);
            }
        }
      g_assert_cmpstr (found->str, ==, places[i].expected);
      g_assert_cmpuint (bobbin_markup_get_parsed (document), <, 60000);
      g_string_free (found, TRUE);
      check_streaming (text, 501);
    }
}

/* What only begins like one is text, and what never ends is still a picture. */
static void
test_no_large_picture (void)
{
  g_autofree char *data = g_strnfill (20000, 'A');
  g_autofree char *broken = g_strconcat ("![x](data:image/png;base64,", data, " and more)\n\nEnd\n", NULL);
  g_autofree char *cut = g_strconcat ("![x](data:image/png;base64,", data, NULL);
  g_autoptr(BobbinMarkup) first = markup_parse (broken);
  g_autoptr(BobbinMarkup) second = markup_parse (cut);

  g_assert_cmpuint (bobbin_markup_get_n (first), >, 2);
  g_assert_cmpuint (bobbin_markup_get (first, 0)->kind, ==, BOBBIN_MARKUP_PARAGRAPH);
  g_assert_cmpuint (bobbin_markup_get_n (second), ==, 1);
  g_assert_cmpuint (bobbin_markup_get (second, 0)->kind, ==, BOBBIN_MARKUP_IMAGE);
  check_streaming (broken, 499);
}

/* Links that were named before their addresses came: found in one go or in many, they are the same. */
static void
test_patience (void)
{
  g_autoptr(BobbinMarkup) patient = bobbin_markup_new (BOBBIN_MARKUP_EXTENDED);
  g_autoptr(BobbinMarkup) all = NULL;
  g_autoptr(GString) text = g_string_new (NULL);
  g_autofree char *expected = NULL;
  g_autofree char *found = NULL;
  guint n_calls = 0;
  guint n;

  for (guint i = 0; i < 3000; i++)
    g_string_append_printf (text, "Word [a%u] and [b].\n\n", i % 50);
  for (guint i = 0; i < 50; i++)
    g_string_append_printf (text, "[a%u]: https://example.org/%u\n", i, i);
  all = markup_parse (text->str);
  expected = markup_dump (all, text->str);
  bobbin_markup_set_patient (patient, TRUE);
  bobbin_markup_feed (patient, text->str, text->len, TRUE);
  n = bobbin_markup_get_n (patient);
  while (bobbin_markup_get_pending (patient))
    {
      guint64 before = bobbin_markup_get_parsed (patient);
      guint end;
      guint changed = bobbin_markup_resolve (patient, text->str, &end);

      g_assert_cmpuint (changed, <=, end);
      g_assert_cmpuint (bobbin_markup_get_parsed (patient) - before, <=, 3 * BOBBIN_MARKUP_WINDOW);
      n_calls++;
    }
  found = markup_dump (patient, text->str);
  g_assert_cmpuint (n_calls, >, 3);
  g_assert_cmpuint (bobbin_markup_get_n (patient), ==, n);
  g_assert_cmpstr (found, ==, expected);
  g_assert_nonnull (strstr (expected, "{l:a7→https://example.org/7}"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/markup/cases", test_cases);
  g_test_add_func ("/markup/every-prefix", test_every_prefix);
  g_test_add_func ("/markup/long-document", test_long_document);
  g_test_add_func ("/markup/long-units", test_long_units);
  g_test_add_func ("/markup/code-within", test_code_within);
  g_test_add_func ("/markup/linear", test_linear);
  g_test_add_func ("/markup/patience", test_patience);
  g_test_add_func ("/markup/large-picture", test_large_picture);
  g_test_add_func ("/markup/no-large-picture", test_no_large_picture);

  return g_test_run ();
}
