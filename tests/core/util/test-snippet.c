#include "config.h"

#include "util/bobbin-snippet.h"

#include <string.h>

static void
test_words (void)
{
  static const struct { const char *text, *wanted; } rows[] = {
    { NULL, NULL }, { "", NULL }, { " \n\t\n", NULL }, { "```\n", NULL }, { "---\n***\n", NULL }, { "![](a.png)", NULL },
    { "one", "one" }, { "one\n\ntwo\n", "two" }, { "one\n\n```\n", "one" }, { "one\n  two  three ", "one two three" },
    { "# Head", "Head" }, { "> **quote** `x`", "quote x" }, { "> one\n> two", "one two" },
    { "a\tb   c", "a b c" }, { "snake_case and _said_", "snake_case and said" }, { "\xe2\x80\xae" "abc", "abc" },
    { "漢字です", "漢字です" }, { "\U0001F44D", "\U0001F44D" }, { "?", "?" }, { "2 * 3 * 4", "2 * 3 * 4" },
    { "C# and #42 for a > b", "C# and #42 for a > b" }, { "5 \\* 3", "5 * 3" }, { "~~old~~ new", "old new" },
    { "- item 1\n- item 2", "item 2" }, { "1. one\n2. two\n   and on", "two and on" }, { "- [x] done", "done" },
    { "[the words](https://example.org/x) here", "the words here" }, { "![a cat](c.png)", "a cat" }, { "see [1] there", "see [1] there" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *snippet = bobbin_snippet_new (rows[i].text);

      g_assert_cmpstr (snippet, ==, rows[i].wanted);
    }
}

/* What stands at the end of an answer and says nothing of it. */
static void
test_endings (void)
{
  static const struct { const char *text, *wanted; } rows[] = {
    { "Here it is:\n\n```c\nint\nmain (void)\n{\n}\n```\n", "Here it is:" },
    { "Here it is:\n~~~\n```\nnot the end\n```\n~~~", "Here it is:" },
    { "First.\n\n## Example\n\n```\nx = 1\n}\n", "First." }, /* it streams still */
    { "```py\n\nprint (*a[1](2))\n}\n```\n", "print (*a[1](2))" },
    { "Two are overdue.[^1]\n\n[^1]: See the list\n    of May.\n\n    And of June.\n", "Two are overdue." },
    { "See [here][a].\n\n[a]: https://example.org\n", "See [here][a]." },
    { "As a table:\n\n| a | b |\n|---|---|\n| 1 | 2 |\n", "As a table:" },
    { "| **a** | b |\n|---|---|\n| 1 | 2 |\n", "**a** b" },
    { "So it is\n\n$$\nE = m c^2\n$$\n", "So it is" },
    { "So it is\n\n---\n", "So it is" },
    { "Head\n====\n", "Head" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *snippet = bobbin_snippet_new (rows[i].text);

      g_assert_cmpstr (snippet, ==, rows[i].wanted);
    }
}

static void
test_bounds (void)
{
  g_autofree char *long_text = g_strnfill (100000, 'x');
  g_autofree char *bounded = bobbin_snippet_new (long_text);
  g_autofree char *spaced = NULL;
  const char *hostile = "> - # [^1]: | ``` ~~~ $$ **_\\![a](b \n";
  g_autoptr(GString) text = g_string_new (NULL);

  g_assert_cmpuint (strlen (bounded), ==, 160);
  long_text[159] = ' '; /* there is no room for it and what follows */
  spaced = bobbin_snippet_new (long_text);
  g_assert_cmpuint (strlen (spaced), ==, 159);

  /* whatever it begins and ends with, it stays within the text */
  for (guint i = 0; i < strlen (hostile); i++)
    for (guint n = 1; i + n <= strlen (hostile); n++)
      {
        g_autofree char *snippet = NULL;

        g_string_truncate (text, 0);
        g_string_append_len (text, hostile + i, n);
        g_string_append_len (text, hostile, i);
        snippet = bobbin_snippet_new (text->str);
        g_assert_true (snippet == NULL || (g_utf8_validate (snippet, -1, NULL) && strchr (snippet, '\n') == NULL));
      }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/snippet/words", test_words);
  g_test_add_func ("/snippet/endings", test_endings);
  g_test_add_func ("/snippet/bounds", test_bounds);

  return g_test_run ();
}
